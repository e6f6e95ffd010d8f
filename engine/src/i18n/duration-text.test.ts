import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clockText, durationText } from './duration-text.ts';

test.each([
  [0, '0:00'],
  [-3, '0:00'],
  [9.4, '0:09'],
  [59.5, '1:00'],
  [75, '1:15'],
  [3599.6, '1:00:00'],
  [3661, '1:01:01'],
  [36_000, '10:00:00'],
])('%d seconds on a clock are %s', (seconds, text) => {
  expect(clockText(seconds)).toBe(text);
});

test.each([
  [0, '0.0 s'],
  [4.23, '4.2 s'],
  [12, '12.0 s'],
  [59.94, '59.9 s'],
  [59.96, '1 min 0 s'],
  [75, '1 min 15 s'],
  [119.6, '2 min 0 s'],
])('a duration of %d seconds is “%s”', (seconds, text) => {
  expect(durationText(seconds, 'en')).toBe(text);
  expect(durationText(seconds, 'de')).toBe(text.replace('.', ','));
});

test('neither ever shows sixty seconds or minutes', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 90_000, noNaN: true }), (seconds) => {
      expect(clockText(seconds)).not.toMatch(/:60|^60:\d\d$/);
      expect(durationText(seconds, 'en')).not.toMatch(/\b60(?:\.0)? s/);
    }),
  );
});

test('a clock’s digits say the rounded seconds', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seconds) => {
      const total = clockText(seconds)
        .split(':')
        .reduce((sum, part) => sum * 60 + Number(part), 0);
      expect(total).toBe(seconds);
    }),
  );
});
