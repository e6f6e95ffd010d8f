import { inLanguage } from './language.ts';

export const frameTexts = inLanguage({
  en: {
    skip: 'Skip to the content',
    navigation: 'Pages',
    pages: { start: 'Start', check: 'Camera check', exam: 'Exam', proctor: 'Proctor' },
    foot: 'Numbers only: the camera picture stays on this device. Observations are not judgements; people decide.',
  },
});
