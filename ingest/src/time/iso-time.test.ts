import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isoTime } from './iso-time.ts';

test('prints UTC to the millisecond', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00.000Z');
  expect(isoTime(Date.UTC(2026, 0, 5, 9, 0, 0, 7))).toBe('2026-01-05T09:00:00.007Z');
});

test('sorts as text in the order of time, which the records rely on', () => {
  const moment = fc.integer({ min: 0, max: Date.UTC(2200, 0) });
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      expect(isoTime(a) < isoTime(b)).toBe(a < b);
    }),
  );
});
