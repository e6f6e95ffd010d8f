export { chooseLanguage, languages } from './i18n/language.ts';
export type { Language } from './i18n/language.ts';
export { failureTexts } from './i18n/failure-texts.ts';
export { observationTexts } from './i18n/observation-texts.ts';
export type { ObservationTexts } from './i18n/observation-texts.ts';
export { readingRows } from './i18n/reading-rows.ts';
export { readingTexts } from './i18n/reading-texts.ts';
export type { ReadingTexts } from './i18n/reading-texts.ts';
export { clockText, durationText } from './i18n/duration-text.ts';
