export { chooseLanguage, LANGUAGES } from './i18n/language.ts';
export type { Language } from './i18n/language.ts';
export { observationWords } from './i18n/observation-words.ts';
export type { ObservationWords } from './i18n/observation-words.ts';
export { readingRows } from './i18n/reading-rows.ts';
export { readingWords } from './i18n/reading-words.ts';
export type { ReadingWords } from './i18n/reading-words.ts';
export { clockText, durationText } from './i18n/duration-text.ts';
