import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placeFrame, startArrivalOrder } from './arrival-order.ts';
import type { ArrivalOrder, Placement } from './arrival-order.ts';

interface Frame {
  seq: number;
  timestamp: number;
}

const frame = (seq: number, timestamp = seq * 100): Frame => ({ seq, timestamp });

const placeAll = (frames: readonly Frame[], from: ArrivalOrder = startArrivalOrder()): [ArrivalOrder, Placement[]] => {
  let order = from;
  const placements = frames.map((next) => {
    const [after, placement] = placeFrame(order, next);
    order = after;
    return placement;
  });
  return [order, placements];
};
const kindsOf = (frames: readonly Frame[]): string[] => placeAll(frames)[1].map(({ kind }) => kind);

describe('frames that arrive in their order', () => {
  test('are ahead and open no hole', () => {
    const [order, placements] = placeAll([frame(0), frame(1), frame(2)]);
    expect(placements).toEqual(Array.from({ length: 3 }, () => ({ kind: 'ahead', opened: null })));
    expect(order).toEqual({ highestSeq: 2, highestMs: 200, holes: [] });
  });

  test('open a hole where numbers are missing, bounded by the times of its neighbours', () => {
    const [order, placements] = placeAll([frame(0), frame(4)]);
    const hole = { root: 1, from: 1, to: 3, afterMs: 0, beforeMs: 400 };
    expect(placements[1]).toEqual({ kind: 'ahead', opened: hole });
    expect(order.holes).toEqual([hole]);
  });

  test('open a hole without a lower bound when the first frames are missing', () => {
    expect(placeAll([frame(2)])[0].holes).toEqual([{ root: 0, from: 0, to: 1, afterMs: null, beforeMs: 200 }]);
  });
});

describe('frames that fill a hole', () => {
  test('split it, and both parts keep the root', () => {
    const [order, placements] = placeAll([frame(0), frame(6), frame(3)]);
    expect(placements[2]).toMatchObject({ kind: 'behind', hole: { root: 1, from: 1, to: 5 } });
    expect(order.holes).toEqual([
      { root: 1, from: 1, to: 2, afterMs: 0, beforeMs: 300 },
      { root: 1, from: 4, to: 5, afterMs: 300, beforeMs: 600 },
    ]);
    expect(order).toMatchObject({ highestSeq: 6, highestMs: 600 });
  });

  test.each([
    ['at its start', [1], [[2, 3]]],
    ['at its end', [3], [[1, 2]]],
    ['from the start to the end', [1, 2, 3], []],
    ['from the end to the start', [3, 2, 1], []],
  ])('%s leave the rest of it', (_name, seqs, left) => {
    const [order] = placeAll([frame(0), frame(4), ...seqs.map((seq) => frame(seq))]);
    expect(order.holes.map(({ from, to }) => [from, to])).toEqual(left);
  });
});

describe('a frame is out of order', () => {
  test.each([
    ['with a higher number but no later time', [frame(0), frame(1, 0)]],
    ['with a higher number and an earlier time', [frame(5), frame(6, 499)]],
    ['with the number of the newest frame', [frame(0), frame(1), frame(1, 150)]],
    ['with a number that was placed before', [frame(0), frame(1), frame(2), frame(1, 150)]],
    ['in a hole, with the time of the frame before it', [frame(0), frame(4), frame(2, 0)]],
    ['in a hole, with the time of the frame behind it', [frame(0), frame(4), frame(2, 400)]],
    ['in a hole, with the time of another hole', [frame(0), frame(2), frame(3), frame(5), frame(1, 450)]],
  ])('%s', (_name, frames) => {
    const before = placeAll(frames.slice(0, -1))[0];
    const [after, placement] = placeFrame(before, frames.at(-1)!);
    expect(placement).toEqual({ kind: 'out_of_order' });
    expect(after).toBe(before);
  });

  test('in the oldest hole once 256 newer ones are open', () => {
    const ahead = Array.from({ length: 258 }, (_, at) => frame(at * 2));
    expect(kindsOf([...ahead, frame(1)]).at(-1)).toBe('out_of_order');
    expect(kindsOf([...ahead, frame(3)]).at(-1)).toBe('behind');
    expect(placeAll(ahead)[0].holes).toHaveLength(256);
  });
});

const seqs = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 40 });

describe('whatever the order of arrival', () => {
  test('places every frame of one engine, and has no hole once all have come', () => {
    const all = fc.integer({ min: 1, max: 40 }).chain((count) =>
      fc.shuffledSubarray(
        Array.from({ length: count }, (_, seq) => frame(seq)),
        { minLength: count, maxLength: count },
      ),
    );
    fc.assert(
      fc.property(all, (frames) => {
        const [order, placements] = placeAll(frames);
        expect(placements.map(({ kind }) => kind)).not.toContain('out_of_order');
        expect(order).toEqual({ highestSeq: frames.length - 1, highestMs: (frames.length - 1) * 100, holes: [] });
      }),
    );
  });

  test('keeps as holes exactly the numbers that have not come', () => {
    fc.assert(
      fc.property(seqs, (arrived) => {
        const [{ holes, highestSeq }] = placeAll(arrived.map((seq) => frame(seq)));
        const open = holes.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, at) => from + at));
        const missing = Array.from({ length: highestSeq + 1 }, (_, seq) => seq).filter((seq) => !arrived.includes(seq));
        expect(open.toSorted((a, b) => a - b)).toEqual(missing);
      }),
    );
  });

  test('ends in the same holes as any other order, apart from their roots', () => {
    const twoOrders = seqs.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );
    const boundsOf = (order: readonly number[]) =>
      placeAll(order.map((seq) => frame(seq)))[0]
        .holes.map(({ from, to, afterMs, beforeMs }) => ({ from, to, afterMs, beforeMs }))
        .toSorted((a, b) => a.from - b.from);
    fc.assert(
      fc.property(twoOrders, ([one, other]) => {
        expect(boundsOf(one)).toEqual(boundsOf(other));
      }),
    );
  });

  test('accepts only frames whose times rise with their numbers, whatever a client sends', () => {
    const anyFrame = fc.record({ seq: fc.integer({ min: 0, max: 30 }), timestamp: fc.integer({ min: 0, max: 3000 }) });
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 60 }), (frames) => {
        const placements = placeAll(frames)[1];
        const placed = frames.filter((_, at) => placements[at]!.kind !== 'out_of_order');
        const bySeq = placed.toSorted((a, b) => a.seq - b.seq);
        for (const [at, { seq, timestamp }] of bySeq.entries()) {
          if (at === 0) continue;
          expect(seq).toBeGreaterThan(bySeq[at - 1]!.seq);
          expect(timestamp).toBeGreaterThan(bySeq[at - 1]!.timestamp);
        }
      }),
    );
  });

  test('refuses a frame that is sent again', () => {
    fc.assert(
      fc.property(seqs, fc.nat(), (arrived, which) => {
        const [order] = placeAll(arrived.map((seq) => frame(seq)));
        expect(placeFrame(order, frame(arrived[which % arrived.length]!))).toEqual([order, { kind: 'out_of_order' }]);
      }),
    );
  });
});
