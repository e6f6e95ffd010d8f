import type { Language } from './language.ts';

const formats: Record<string, Intl.NumberFormat> = {};

const formatted = (value: number, language: Language, digits: number, style?: 'percent'): string => {
  const format = (formats[language + digits + style] ??= new Intl.NumberFormat(language, {
    style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }));
  // Minus zero would be shown with its sign.
  return format.format(value + 0);
};

/**
 * A number with a fixed number of decimals: (27.44, 'de', 1) → "27,4".
 * @param digits decimals, 0 by default
 */
export const numberText = (value: number, language: Language, digits = 0): string =>
  formatted(Number(value.toFixed(digits)), language, digits);

/**
 * A share as a percentage: (0.274, 'de', 1) → "27,4 %", with a space that does not break.
 * @param share 0–1
 * @param digits decimals, 0 by default
 */
export const percentText = (share: number, language: Language, digits = 0): string =>
  formatted(share, language, digits, 'percent');
