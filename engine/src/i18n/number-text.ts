import type { Language } from './language.ts';

const formats = new Map<string, Intl.NumberFormat>();

const formatOf = (language: Language, digits: number, style: 'decimal' | 'percent'): Intl.NumberFormat => {
  const key = `${language} ${digits} ${style}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(language, {
    style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  formats.set(key, format);
  return format;
};

/** Minus zero would be shown with its sign. */
const unsignedZero = (value: number): number => (value === 0 ? 0 : value);

/**
 * A number with a fixed number of decimals: (27.44, 'de', 1) → "27,4".
 * @param digits decimals, 0 by default
 */
export const numberText = (value: number, language: Language, digits = 0): string =>
  formatOf(language, digits, 'decimal').format(unsignedZero(Number(value.toFixed(digits))));

/**
 * A share as a percentage: (0.274, 'de', 1) → "27,4 %", with a space that does not break.
 * @param share 0–1
 * @param digits decimals, 0 by default
 */
export const percentText = (share: number, language: Language, digits = 0): string =>
  formatOf(language, digits, 'percent').format(unsignedZero(share));
