import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeqRange } from '@invigil/protocol/channels';
import { rangesBetween, rangesOf } from './seq-ranges.ts';

const numbers = (ranges: readonly SeqRange[]): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));

const rising = fc.uniqueArray(fc.nat(60)).map((seqs) => seqs.toSorted((a, b) => a - b));
const range = fc.tuple(fc.nat(60), fc.nat(8)).map(([from, length]): SeqRange => [from, from + length]);

test('joins neighbours', () => {
  expect(rangesOf([])).toEqual([]);
  expect(rangesOf([3])).toEqual([[3, 3]]);
  expect(rangesOf([1, 2, 3, 7, 9, 10])).toEqual([
    [1, 3],
    [7, 7],
    [9, 10],
  ]);
});

test('ranges hold the same numbers, as few ranges as possible', () => {
  fc.assert(
    fc.property(rising, (seqs) => {
      const ranges = rangesOf(seqs);
      expect(numbers(ranges)).toEqual(seqs);
      const gaps = ranges.slice(1).map(([from], at) => from - (ranges[at]?.[1] ?? 0));
      expect(gaps.every((gap) => gap > 1)).toBe(true);
    }),
  );
});

test('leaves out what others cover', () => {
  expect(rangesBetween([0, 9], [])).toEqual([[0, 9]]);
  expect(rangesBetween([0, 9], [[0, 9]])).toEqual([]);
  expect(
    rangesBetween(
      [0, 9],
      [
        [7, 20],
        [2, 3],
      ],
    ),
  ).toEqual([
    [0, 1],
    [4, 6],
  ]);
  expect(rangesBetween([5, 4], [])).toEqual([]);
});

test('returns exactly the uncovered parts, for any overlaps', () => {
  fc.assert(
    fc.property(range, fc.array(range, { maxLength: 8 }), (whole, others) => {
      const covered = new Set(numbers(others));
      expect(numbers(rangesBetween(whole, others))).toEqual(numbers([whole]).filter((seq) => !covered.has(seq)));
    }),
  );
});
