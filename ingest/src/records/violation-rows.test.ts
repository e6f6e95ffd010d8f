import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distantFrom } from './violation-rows.ts';

const intervalMs = 1000;
const times = fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 40 });

/** Ascending, at least an interval apart. */
const spaced = (all: readonly number[]): number[] => {
  const kept: number[] = [];
  for (const atMs of all.toSorted((a, b) => a - b))
    if (atMs - (kept.at(-1) ?? -Infinity) >= intervalMs) kept.push(atMs);
  return kept;
};

test('keeps exactly the times that no saved one is near to', () => {
  fc.assert(
    fc.property(times, times, (saved, candidates) => {
      const [before, next] = [spaced(saved), spaced(candidates)];
      const near = (atMs: number): boolean => before.some((other) => Math.abs(other - atMs) < intervalMs);
      expect(distantFrom(before, next, intervalMs)).toEqual(next.filter((atMs) => !near(atMs)));
    }),
  );
});

test('a repeated call keeps nothing, whatever was saved in between', () => {
  fc.assert(
    fc.property(times, times, (first, second) => {
      const once = spaced(first);
      const both = [...once, ...distantFrom(once, spaced(second), intervalMs)].toSorted((a, b) => a - b);
      expect(distantFrom(both, once, intervalMs)).toEqual([]);
    }),
  );
});
