import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnsDuring } from '../../test/turns-during.ts';
import { sortInSlices } from './sort-in-slices.ts';

interface Item {
  key: number;
  at: number;
}
const byKey = (a: Item, b: Item): number => a.key - b.key;

test('sorts like toSorted, equal items in their order', async () => {
  const keys = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 1600, size: 'max' });
  await fc.assert(
    fc.asyncProperty(keys, async (list) => {
      const items = list.map((key, at): Item => ({ key, at }));
      expect(await sortInSlices(items, byKey)).toEqual(items.toSorted(byKey));
    }),
    { numRuns: 50 },
  );
});

test('lets other work run, and compares each item a logarithmic number of times', async () => {
  const count = 20_000;
  const items = Array.from({ length: count }, (_, at): Item => ({ key: (at * 7919) % count, at }));
  let comparisons = 0;
  const counted = (a: Item, b: Item): number => {
    comparisons += 1;
    return byKey(a, b);
  };
  // 40 runs are sorted and merged in six rounds: 280 steps.
  expect(await turnsDuring(() => sortInSlices(items, counted))).toBeGreaterThanOrEqual(280 / 9);
  expect(comparisons).toBeLessThan(count * Math.ceil(Math.log2(count)));
});
