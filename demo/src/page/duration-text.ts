import { durationText as durationTextIn } from '@invigil/engine/i18n';
import { pageLanguage } from './language.ts';

export { clockText } from '@invigil/engine/i18n';

/** In the page's language. Tenths below a minute: 4.23 → "4.2 s", 75 → "1 min 15 s". */
export const durationText = (seconds: number): string => durationTextIn(seconds, pageLanguage);

/** Without tenths: 12.7 → "12 s", 75 → "1 min 15 s". */
export const wholeSecondsText = (seconds: number): string =>
  seconds < 60 ? `${Math.floor(seconds)} s` : durationText(Math.floor(seconds));

/** A part and its whole, with the same precision: "8.9 s" and "10.3 s", "48 s" and "1 min 15 s". */
export const partAndWhole = (partS: number, wholeS: number): readonly [part: string, whole: string] => {
  const words = wholeS < 60 ? durationText : wholeSecondsText;
  return [words(partS), words(wholeS)];
};
