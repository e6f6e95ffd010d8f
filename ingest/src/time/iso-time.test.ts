import { expect, test } from 'vitest';
import { isoTime } from './iso-time.ts';

test('is the text of Date, also for a time that was asked for before or between others', () => {
  const times = [0, 1_767_603_600_000, 1_767_603_600_000, 1_767_603_600_000.9, 0, 8.64e15, -1];
  expect(times.map(isoTime)).toEqual(times.map((ms) => new Date(ms).toISOString()));
});

test('throws for a time that does not exist, and answers again afterwards', () => {
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
  expect(() => isoTime(Number.NaN)).toThrow(RangeError);
  expect(isoTime(1)).toBe('1970-01-01T00:00:00.001Z');
});
