import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clipSpan, overlapMs, subtractSpans, unionMs } from './time-span.ts';
import type { TimeSpan } from './time-span.ts';

const span = (from_ms: number, to_ms: number): TimeSpan => ({ from_ms, to_ms });

/** Small numbers, so that spans often touch, overlap and contain each other. */
const anySpan = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 20 }))
  .map(([from, length]) => span(from, from + length));
const anySpans = fc.array(anySpan, { maxLength: 8 });

/** A slow reference implementation: the whole milliseconds that a span covers. */
const msOf = ({ from_ms, to_ms }: TimeSpan): number[] =>
  Array.from({ length: Math.max(0, to_ms - from_ms) }, (_, at) => from_ms + at);
const allMs = (spans: readonly TimeSpan[]): Set<number> => new Set(spans.flatMap(msOf));

describe('clipping a span', () => {
  test.each([
    ['inside the limits', span(2, 5), 0, 10, span(2, 5)],
    ['across the start', span(2, 5), 3, 10, span(3, 5)],
    ['across the end', span(2, 5), 0, 4, span(2, 4)],
    ['around both limits', span(2, 9), 3, 4, span(3, 4)],
    ['before the limits', span(2, 5), 6, 10, null],
    ['that only touches the limits', span(2, 5), 5, 10, null],
    ['of no length', span(3, 3), 0, 10, null],
    ['that ends before it starts', span(5, 2), 0, 10, null],
  ])('%s', (_name, whole, fromMs, toMs, clipped) => {
    expect(clipSpan(whole, fromMs, toMs)).toEqual(clipped);
  });

  test('twice is the same as once', () => {
    fc.assert(
      fc.property(anySpan, anySpan, (whole, limits) => {
        const once = clipSpan(whole, limits.from_ms, limits.to_ms);
        fc.pre(once !== null);
        expect(clipSpan(once, limits.from_ms, limits.to_ms)).toEqual(once);
      }),
    );
  });
});

describe('the overlap of two spans', () => {
  test('is the number of milliseconds that both cover, in either order', () => {
    fc.assert(
      fc.property(anySpan, anySpan, (a, b) => {
        const inB = allMs([b]);
        expect(overlapMs(a, b)).toBe(msOf(a).filter((ms) => inB.has(ms)).length);
        expect(overlapMs(b, a)).toBe(overlapMs(a, b));
      }),
    );
  });
});

describe('subtracting spans', () => {
  test.each([
    ['nothing', [], [span(10, 20)]],
    ['the start', [span(5, 12)], [span(12, 20)]],
    ['the end', [span(18, 30)], [span(10, 18)]],
    ['the middle', [span(12, 15)], [span(10, 12), span(15, 20)]],
    ['everything', [span(10, 20)], []],
    ['more than everything', [span(0, 30)], []],
    ['a neighbour', [span(0, 10), span(20, 30)], [span(10, 20)]],
    ['two parts', [span(16, 17), span(11, 12)], [span(10, 11), span(12, 16), span(17, 20)]],
  ])('%s', (_name, others, left) => {
    expect(subtractSpans(span(10, 20), others)).toEqual(left);
  });

  test('leaves exactly the milliseconds that no other span covers, in order and apart', () => {
    fc.assert(
      fc.property(anySpan, anySpans, (whole, others) => {
        const left = subtractSpans(whole, others);
        const removed = allMs(others);
        expect(left.flatMap(msOf)).toEqual(msOf(whole).filter((ms) => !removed.has(ms)));
        expect(left.every(({ from_ms, to_ms }) => to_ms > from_ms)).toBe(true);
      }),
    );
  });

  test('does not depend on the order of the others', () => {
    fc.assert(
      fc.property(anySpan, anySpans, (whole, others) => {
        expect(subtractSpans(whole, others.toReversed())).toEqual(subtractSpans(whole, others));
      }),
    );
  });
});

describe('the union of spans', () => {
  test('of none is 0', () => {
    expect(unionMs([])).toBe(0);
  });

  test('counts time that several spans cover once, in any order', () => {
    fc.assert(
      fc.property(anySpans, (spans) => {
        expect(unionMs(spans)).toBe(allMs(spans).size);
        expect(unionMs(spans.toReversed())).toBe(unionMs(spans));
      }),
    );
  });

  test('never shrinks when a span is added, and grows by its length at most', () => {
    fc.assert(
      fc.property(anySpans, anySpan, (spans, added) => {
        const grownMs = unionMs([...spans, added]) - unionMs(spans);
        expect(grownMs).toBeGreaterThanOrEqual(0);
        expect(grownMs).toBeLessThanOrEqual(added.to_ms - added.from_ms);
      }),
    );
  });
});
