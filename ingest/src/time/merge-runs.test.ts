import fc from 'fast-check';
import { expect, test } from 'vitest';
import { turnsDuring } from '../../test/turns-during.ts';
import { mergeRuns } from './merge-runs.ts';

interface Item {
  key: number;
  at: number;
}
const byKey = (a: Item, b: Item): number => a.key - b.key;
const runItems = 500;
/** The items in sorted runs. */
const runsOf = (items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / runItems) }, (_, at) =>
    items.slice(at * runItems, (at + 1) * runItems).toSorted(byKey),
  );

test('merges runs into the order of toSorted, equal items in their order', async () => {
  const keys = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 1600, size: 'max' });
  await fc.assert(
    fc.asyncProperty(keys, async (list) => {
      const items = list.map((key, at): Item => ({ key, at }));
      expect(await mergeRuns(runsOf(items), byKey)).toEqual(items.toSorted(byKey));
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
  const runs = runsOf(items);
  // 40 runs are merged in six rounds: 240 steps.
  expect(await turnsDuring(() => mergeRuns(runs, counted))).toBeGreaterThanOrEqual(240 / 9);
  expect(comparisons).toBeLessThan(count * Math.ceil(Math.log2(count)));
});
