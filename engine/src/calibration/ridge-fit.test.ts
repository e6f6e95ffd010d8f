import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addRow, combined, solveRidge, startSums } from './ridge-fit.ts';
import type { NormalSums } from './ridge-fit.ts';

type Row = readonly [features: number[], target: number[]];

const sumsOf = (rows: readonly Row[]): NormalSums => {
  const sums = startSums(rows[0]?.[0].length ?? 1, rows[0]?.[1].length ?? 1);
  for (const [features, target] of rows) addRow(sums, features, target, 1);
  return sums;
};

const line: Row[] = [0, 1, 2, 3].map((x) => [
  [1, x],
  [2 + 3 * x, 5 - x],
]);

test('finds the coefficients that the data have, for each output', () => {
  const solved = solveRidge(sumsOf(line), [1e-9, 1e-9]);
  // Row-major: offset of both outputs, then slope of both.
  for (const [index, expected] of [2, 5, 3, -1].entries()) expect(solved?.[index]).toBeCloseTo(expected, 5);
});

test('a penalty shrinks only its own coefficients', () => {
  const free = solveRidge(sumsOf(line), [1e-9, 1e-9]) ?? [];
  const shrunk = solveRidge(sumsOf(line), [1e-9, 1e6]) ?? [];
  expect(Math.abs(shrunk[2] ?? NaN)).toBeLessThan(0.001);
  expect(Math.abs(free[2] ?? NaN)).toBeGreaterThan(2.9);
  // Without a slope the offset is the mean.
  expect(shrunk[0]).toBeCloseTo(6.5, 3);
});

test('a row with weight two counts like the row twice', () => {
  const weighted = startSums(2, 2);
  for (const [features, target] of line) addRow(weighted, features, target, 2);
  expect(weighted).toEqual(sumsOf([...line, ...line]));
});

test('taking a group away again leaves the sums of the others', () => {
  const [first, second] = [sumsOf(line.slice(0, 2)), sumsOf(line.slice(2))];
  const all = combined(first, second, 1);
  expect(all).toEqual(sumsOf(line));
  expect(combined(all, second, -1)).toEqual(first);
});

test('returns null for too little data without a penalty', () => {
  const one: Row[] = [[[1, 2], [3]]];
  expect(solveRidge(sumsOf(one), [0, 0])).toBeNull();
  expect(solveRidge(sumsOf(one), [0.1, 0.1])).not.toBeNull();
  expect(solveRidge(startSums(2, 1), [0, 0])).toBeNull();
});

test('no coefficients nearby have less error and penalty', () => {
  const value = fc.double({ min: -3, max: 3, noNaN: true });
  const rows = fc.array(fc.tuple(fc.tuple(value, value), value), { minLength: 3, maxLength: 12 });
  const penalty = fc.double({ min: 0.01, max: 5, noNaN: true });
  const nudge = fc.tuple(value, value);
  fc.assert(
    fc.property(rows, penalty, nudge, (list, strength, [nudgeA, nudgeB]) => {
      const solved = solveRidge(sumsOf(list.map(([[a, b], target]): Row => [[a, b], [target]])), [strength, strength]);
      const costOf = ([a = NaN, b = NaN]: readonly number[]): number =>
        list.reduce((sum, [[x, y], target]) => sum + (a * x + b * y - target) ** 2, strength * (a * a + b * b));
      const [a = NaN, b = NaN] = solved ?? [];
      expect(costOf([a + nudgeA / 10, b + nudgeB / 10])).toBeGreaterThanOrEqual(costOf([a, b]) - 1e-7);
    }),
  );
});
