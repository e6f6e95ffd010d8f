import { numberText as numberTextIn, percentText as percentTextIn } from '@invigil/engine/i18n';
import { pageLanguage } from './language.ts';

/** In the page's language. @param digits decimals, 0 by default */
export const numberText = (value: number, digits = 0): string => numberTextIn(value, pageLanguage, digits);

/** In the page's language. @param share 0–1. @param digits decimals, 0 by default */
export const percentText = (share: number, digits = 0): string => percentTextIn(share, pageLanguage, digits);

const hasDecimalComma = numberText(0.5, 1).includes(',');

/** Numbers from the server, such as "min(1, 4.2 s / 9.8 s)", as the page's language writes them: "min(1; 4,2 s / 9,8 s)". */
export const localNumbers = (text: string): string =>
  (hasDecimalComma ? text.replaceAll(/, (?=[\d(])/g, '; ') : text).replaceAll(
    /\d+\.(\d+)/g,
    (number, decimals: string) => numberText(Number(number), decimals.length),
  );
