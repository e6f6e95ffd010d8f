import { failureTextsDe } from './failure-texts-de.ts';
import { failureTextsEn } from './failure-texts-en.ts';
import { failureTextsEs } from './failure-texts-es.ts';
import type { Language } from './language.ts';

/** What a student should know and can do, by the `reason` of a `ProctorError`. */
export const failureTexts: Record<Language, Record<keyof typeof failureTextsEn, string>> = {
  en: failureTextsEn,
  de: failureTextsDe,
  es: failureTextsEs,
};
