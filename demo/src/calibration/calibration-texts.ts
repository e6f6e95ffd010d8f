import { inLanguage } from '../page/language.ts';
import { calibrationTextsDe } from './calibration-texts-de.ts';
import { calibrationTextsEs } from './calibration-texts-es.ts';

const calibrationTextsEn = {
  title: 'Where you look',
  about:
    'If you like, the camera can learn where on this page you look: follow a few dots with your eyes, under 30 seconds. Without it, only rough directions such as “left” or “down” are read. Skipping it is not noted against you.',
  begin: 'Follow the dots',
  again: 'Once more',
  none: 'Not calibrated. Rough directions are read.',
  calibrated: (degrees: string, pixels: string) =>
    `Calibrated. Tried on dots it did not know, it was off by about ${degrees}° (${pixels} pixels).`,
  tooPoor: {
    few_readings:
      'Your eyes could not be seen well enough, so rough directions are read. More light on your face, or sitting closer, may help.',
    inaccurate:
      'It did not get accurate enough to be used, so rough directions are read. Keep your head still and look at each dot until it is gone, if you want to try again.',
  },
};

export type CalibrationTexts = typeof calibrationTextsEn;

export const calibrationTexts = inLanguage<CalibrationTexts>({
  en: calibrationTextsEn,
  de: calibrationTextsDe,
  es: calibrationTextsEs,
});
