import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eachWorkerOf, fitLine, valueAt } from './costs.ts';

const share = fc.double({ min: 0, max: 1, noNaN: true });
const students = fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 2, maxLength: 6 });

test('a line through exact measurements is found', () => {
  fc.assert(
    fc.property(share, share, students, (fixed, each, counts) => {
      const line = fitLine(counts.map((count) => [count, fixed + each * count] as const));
      for (const count of counts) expect(valueAt(line, count)).toBeCloseTo(fixed + each * count, 6);
    }),
    { numRuns: 100 },
  );
});

test('one measurement gives a cost for each student and no fixed one', () => {
  expect(fitLine([[500, 0.25]])).toEqual({ fixed: 0, each: 0.0005 });
});

test('noise never makes the fixed cost negative', () => {
  expect(
    fitLine([
      [100, 0.01],
      [1000, 0.9],
    ]).fixed,
  ).toBe(0);
});

test('the slope is that of least squares, for a line that falls and for one that would begin below zero too', () => {
  const minutes = [6, 7, 8, 9];
  expect(fitLine(minutes.map((minute) => [minute, 130 - 2 * minute] as const)).each).toBeCloseTo(-2);
  expect(fitLine(minutes.map((minute) => [minute, 3 * minute - 15] as const))).toEqual({ fixed: 0, each: 3 });
});

test('each further worker costs the mean excess over the line', () => {
  const line = { fixed: 0.1, each: 0.0001 };
  const run = (workers: number, value: number) => ({ students: 1000, workers, value });
  expect(eachWorkerOf(line, [run(1, 0.2), run(2, 0.25), run(4, 0.29)])).toBeCloseTo(0.04);
  expect(eachWorkerOf(line, [run(2, 0.1)])).toBe(0);
  expect(eachWorkerOf(line, [])).toBe(0);
});

test('the fixed cost counts once for each process', () => {
  expect(valueAt({ fixed: 0.05, each: 0.001 }, 100, 4)).toBeCloseTo(0.3);
});
