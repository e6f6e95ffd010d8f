import { durationText } from '@invigil/engine/i18n';

export { clockText, durationText } from '@invigil/engine/i18n';

/** Without tenths: 12.7 → "12 s", 75 → "1 min 15 s". */
export const wholeSecondsText = (seconds: number): string =>
  seconds < 60 ? `${Math.floor(seconds)} s` : durationText(Math.floor(seconds));

/** A part and its whole, with the same precision: "8.9 s" and "10.3 s", "48 s" and "1 min 15 s". */
export const partAndWhole = (partS: number, wholeS: number): readonly [part: string, whole: string] => {
  const words = wholeS < 60 ? durationText : wholeSecondsText;
  return [words(partS), words(wholeS)];
};
