import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SeqRange } from '@invigil/protocol/channels';
import { cover, highestSeq, parseCoverage, upToSeq } from './seq-coverage.ts';
import type { SeqCoverage } from './seq-coverage.ts';

const coverAll = (ranges: readonly SeqRange[]): SeqCoverage =>
  ranges.reduce<SeqCoverage>((coverage, range) => cover(coverage, range).coverage, []);
const numbersOf = (ranges: SeqCoverage): number[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at));

describe('adding a range', () => {
  test.each<[string, SeqRange[], SeqRange, SeqCoverage, number]>([
    ['to nothing', [], [3, 5], [[3, 5]], 3],
    [
      'behind the others',
      [[0, 1]],
      [4, 4],
      [
        [0, 1],
        [4, 4],
      ],
      1,
    ],
    [
      'before the others',
      [[4, 4]],
      [0, 1],
      [
        [0, 1],
        [4, 4],
      ],
      2,
    ],
    ['next to another joins both', [[0, 1]], [2, 3], [[0, 3]], 2],
    [
      'that closes a gap joins three',
      [
        [0, 1],
        [5, 6],
      ],
      [2, 4],
      [[0, 6]],
      3,
    ],
    ['that overlaps counts new numbers only', [[0, 4]], [3, 6], [[0, 6]], 2],
    [
      'around several',
      [
        [2, 3],
        [6, 6],
      ],
      [0, 9],
      [[0, 9]],
      7,
    ],
    ['inside of another adds nothing', [[0, 9]], [3, 4], [[0, 9]], 0],
    ['twice adds nothing', [[3, 5]], [3, 5], [[3, 5]], 0],
  ])('%s', (_name, before, range, after, added) => {
    expect(cover(before, range)).toEqual({ coverage: after, added });
  });

  test('that is settled already returns the same list', () => {
    const before: SeqCoverage = [[0, 9]];
    expect(cover(before, [2, 3]).coverage).toBe(before);
  });
});

const anyRange = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 8 }))
  .map(([from, length]): SeqRange => [from, from + length]);
const anyRanges = fc.array(anyRange, { maxLength: 30 });

describe('any ranges', () => {
  test('cover exactly their numbers, disjoint, ascending and never adjacent', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const coverage = coverAll(ranges);
        expect(numbersOf(coverage)).toEqual([...new Set(numbersOf(ranges))].toSorted((a, b) => a - b));
        for (const [at, [from]] of coverage.slice(1).entries()) expect(from).toBeGreaterThan(coverage[at]![1] + 1);
      }),
    );
  });

  test('give the same coverage in any order', () => {
    fc.assert(
      fc.property(anyRanges, fc.infiniteStream(fc.nat()), (ranges, keys) => {
        const shuffled = ranges.map((range) => ({ range, key: keys.next().value })).toSorted((a, b) => a.key - b.key);
        expect(coverAll(shuffled.map(({ range }) => range))).toEqual(coverAll(ranges));
      }),
    );
  });

  test('count every number as added once', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        let [coverage, total]: [SeqCoverage, number] = [[], 0];
        for (const range of ranges) {
          const step = cover(coverage, range);
          total += step.added;
          coverage = step.coverage;
        }
        expect(total).toBe(numbersOf(coverage).length);
      }),
    );
  });

  test('stay exact near the largest number', () => {
    const most = Number.MAX_SAFE_INTEGER;
    expect(cover([[0, 0]], [most - 1, most])).toEqual({
      coverage: [
        [0, 0],
        [most - 1, most],
      ],
      added: 2,
    });
  });
});

describe('the frontier', () => {
  test.each<[SeqCoverage, number, number]>([
    [[], -1, -1],
    [[[0, 0]], 0, 0],
    [
      [
        [0, 4],
        [6, 9],
      ],
      4,
      9,
    ],
    [[[1, 4]], -1, 4],
  ])('of %j is %i, and the highest number %i', (coverage, upTo, highest) => {
    expect([upToSeq(coverage), highestSeq(coverage)]).toEqual([upTo, highest]);
  });

  test('never goes back', () => {
    fc.assert(
      fc.property(anyRanges, anyRange, (ranges, added) => {
        const [before, after] = [coverAll(ranges), coverAll([...ranges, added])];
        expect(upToSeq(after)).toBeGreaterThanOrEqual(upToSeq(before));
        expect(highestSeq(after)).toBe(Math.max(highestSeq(before), added[1]));
      }),
    );
  });
});

describe('the text of the Redis script', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(anyRanges, (ranges) => {
        const coverage = coverAll(ranges);
        expect(parseCoverage(coverage.map((range) => range.join('-')).join(','))).toEqual(coverage);
      }),
    );
  });
});
