export { chooseLanguage, LANGUAGES } from './words/language.ts';
export type { Language } from './words/language.ts';
export { observationWords } from './words/observation-words.ts';
export type { ObservationWords } from './words/observation-words.ts';
export { readingRows } from './words/reading-rows.ts';
export { readingWords } from './words/reading-words.ts';
export type { ReadingWords } from './words/reading-words.ts';
export { clockText, durationText } from './words/duration-text.ts';
