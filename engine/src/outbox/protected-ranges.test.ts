import { expect, test } from 'vitest';
import { ProtectedRanges } from './protected-ranges.ts';

test('protects an observation with five seconds on either side', () => {
  const ranges = new ProtectedRanges([], 0);
  ranges.set('phone-1', 20_000, 30_000);
  expect([14_999, 15_000, 25_000, 35_000, 35_001].map((ms) => ranges.covers(ms))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ]);
});

test('protects everything since the beginning of an observation that continues', () => {
  const ranges = new ProtectedRanges([], 0);
  ranges.set('phone-1', 20_000, null);
  expect(ranges.covers(9e12)).toBe(true);
  ranges.set('phone-1', 20_000, 21_000);
  expect(ranges.covers(9e12)).toBe(false);
  expect(ranges.all).toHaveLength(1);
});

test('an observation that was open when the page was closed ended with its last frame', () => {
  const ranges = new ProtectedRanges([{ id: 'a', fromMs: 1000, toMs: null }], 5000);
  expect(ranges.covers(5000)).toBe(true);
  expect(ranges.covers(5001)).toBe(false);
});

test('keeps 500, and drops the one that was changed longest ago', () => {
  const ranges = new ProtectedRanges([], 0);
  for (let at = 0; at < 500; at += 1) ranges.set(`o-${at}`, at * 100_000, at * 100_000);
  ranges.set('o-0', 0, 1000);
  ranges.set('new', 900_000_000, 900_000_000);
  expect(ranges.all).toHaveLength(500);
  expect(ranges.covers(0)).toBe(true);
  expect(ranges.covers(100_000)).toBe(false);
  expect(ranges.covers(900_000_000)).toBe(true);
});
