import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languages } from './language.ts';
import { numberText, percentText } from './number-text.ts';

test.each([
  ['en', '27.4', '27.4%', '12,345'],
  ['de', '27,4', '27,4\u00a0%', '12.345'],
  ['es', '27,4', '27,4\u00a0%', '12.345'],
] as const)('%s writes %s, %s and %s', (language, decimal, percent, count) => {
  expect(numberText(27.44, language, 1)).toBe(decimal);
  expect(percentText(0.274, language, 1)).toBe(percent);
  expect(numberText(12_345, language)).toBe(count);
});

test('zero has no sign', () => {
  expect([numberText(-0, 'en'), numberText(-0.04, 'en', 1), percentText(-0, 'en')]).toEqual(['0', '0.0', '0%']);
});

test('every language shows the same digits', () => {
  const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.integer({ min: 0, max: 3 }), (value, digits) => {
      const texts = languages.map((language) => digitsOf(numberText(value, language, digits)));
      expect(new Set(texts)).toEqual(new Set([digitsOf(value.toFixed(digits))]));
    }),
  );
});
