import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredFrame } from '../frame/feature-frame.ts';
import { placeArrival } from './place-arrival.ts';
import type { Arrival } from './place-arrival.ts';
import { startEvidence } from './session-evidence.ts';
import type { SessionEvidence } from './session-evidence.ts';

const startMs = 1_000_000;

/** A frame that the client numbered. Times in milliseconds after the session's start. */
const numbered = (seq: number, madeMs: number, receivedMs = madeMs + 100): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + madeMs,
  received_at: startMs + receivedMs,
});
/** A frame that the server numbered. */
const single = (seq: number, madeMs: number, receivedMs = madeMs + 100): StoredFrame => ({
  ...numbered(seq, madeMs, receivedMs),
  frame_id: `srv-${seq}`,
});

const placeAll = (frames: readonly StoredFrame[]): [SessionEvidence, Arrival[]] => {
  let evidence = startEvidence(startMs);
  const arrivals = frames.map((frame) => {
    const [after, arrival] = placeArrival(evidence, frame);
    evidence = after;
    return arrival;
  });
  return [evidence, arrivals];
};
const lastOf = (frames: readonly StoredFrame[]): Arrival | undefined => placeAll(frames)[1].at(-1);

describe('the newest frame', () => {
  test('is a main frame, seen live', () => {
    expect(lastOf([numbered(0, 1000)])).toEqual({ kind: 'main', isLive: true, opensHole: null });
  });

  test('states which hole it opens', () => {
    expect(lastOf([numbered(0, 1000), numbered(5, 2000)])).toEqual({ kind: 'main', isLive: true, opensHole: 1 });
  });

  test('is late if it came more than 30 s after it was made, during an outage that the server saw', () => {
    const arrival = lastOf([numbered(0, 1000), numbered(1, 2000, 60_000)]);
    expect(arrival).toEqual({ kind: 'main', isLive: false, opensHole: null });
  });

  test('is live up to 30 s after it was made', () => {
    expect(lastOf([numbered(0, 1000, 31_000)])).toMatchObject({ kind: 'main', isLive: true });
  });
});

describe('a frame behind newer ones', () => {
  const outage = [numbered(0, 1000), numbered(9, 60_000), numbered(10, 61_000)];

  test('goes to the hole that it fills, with the time before it', () => {
    const arrival = lastOf([...outage, numbered(1, 2000, 62_000)]);
    expect(arrival).toEqual({ kind: 'late', isLive: false, root: 1, afterMs: startMs + 1000 });
  });

  test('is live if it was delivered within 30 s all the same', () => {
    const arrival = lastOf([...outage, numbered(8, 59_500, 62_000)]);
    expect(arrival).toMatchObject({ kind: 'late', isLive: true, root: 1 });
  });

  test('keeps the root of its hole when the hole was filled in part', () => {
    const [, arrivals] = placeAll([...outage, numbered(4, 20_000, 62_000), numbered(7, 30_000, 62_001)]);
    expect(arrivals.at(-1)).toEqual({ kind: 'late', isLive: false, root: 1, afterMs: startMs + 20_000 });
  });
});

describe('a frame that contradicts the server', () => {
  test('came late without an outage: it is unexplained, and takes its place', () => {
    const steady = Array.from({ length: 40 }, (_, seq) => numbered(seq, seq * 2000));
    const frames = [...steady, numbered(41, 80_000), numbered(40, 79_000, 130_000)];
    // Three messages arrive in between, so that the server sees no silence.
    const talking = Array.from({ length: 13 }, (_, n) => numbered(42 + n, 81_000 + n * 4000));
    const [evidence, arrivals] = placeAll([...frames.slice(0, -1), ...talking, frames.at(-1)!]);
    expect(arrivals.at(-1)).toEqual({ kind: 'aside', lane: 'unexplained' });
    expect(evidence).toMatchObject({ lateUnexplained: 1, outOfOrder: 0, outsideSession: 0 });
    expect(evidence.order.holes).toEqual([]);
  });

  test.each([
    ['5 s before the session', -5000, 100, 'main'],
    ['more than 5 s before the session', -5001, 100, 'aside'],
    ['30 s in the future', 40_000, 10_000, 'main'],
    ['more than 30 s in the future', 40_001, 10_000, 'aside'],
  ])('is outside of the session if it was made %s', (_name, madeMs, receivedMs, kind) => {
    const [evidence, [arrival]] = placeAll([numbered(0, madeMs, receivedMs)]);
    expect(arrival!.kind).toBe(kind);
    expect(evidence.outsideSession).toBe(kind === 'aside' ? 1 : 0);
    // It does not affect the order of the frames that belong to the session.
    expect(evidence.order.highestSeq).toBe(kind === 'aside' ? -1 : 0);
  });

  test('is outside of the session if the server moved it back from the future', () => {
    expect(lastOf([{ ...numbered(0, 1000), ahead_ms: 600_000 }])).toEqual({ kind: 'aside', lane: 'outside_session' });
  });

  test('is out of order if its time falls while its number rises', () => {
    const [evidence, arrivals] = placeAll([numbered(0, 5000), numbered(1, 4999, 5200)]);
    expect(arrivals.at(-1)).toEqual({ kind: 'aside', lane: 'out_of_order' });
    expect(evidence).toMatchObject({ outOfOrder: 1, order: { highestSeq: 0 } });
  });
});

describe('a frame that the server numbered', () => {
  const placedAfter = (lastMs: number, frame: StoredFrame): Arrival => {
    const before = startEvidence(startMs);
    return placeArrival({ ...before, coverage: { ...before.coverage, lastMs: startMs + lastMs } }, frame)[1];
  };

  test('is a main frame that opens no hole, whatever its number', () => {
    expect(placedAfter(1000, single(70, 2000))).toEqual({ kind: 'main', isLive: true, opensHole: null });
  });

  test.each([
    ['5 s', 5000, { kind: 'main', isLive: true, opensHole: null }],
    ['more than 5 s', 4999, { kind: 'aside', lane: 'out_of_order' }],
  ])('may be %s older than the newest frame', (_name, madeMs, arrival) => {
    expect(placedAfter(10_000, single(3, madeMs, 10_100))).toEqual(arrival);
  });

  test('does not change the order of the numbered frames', () => {
    const [evidence] = placeAll([numbered(0, 1000), single(1, 1500), single(2, 2000)]);
    expect(evidence.order).toEqual({ highestSeq: 0, highestMs: startMs + 1000, holes: [] });
  });
});

const anyFrame = fc
  .record({
    seq: fc.integer({ min: 0, max: 20 }),
    madeMs: fc.integer({ min: -8000, max: 120_000 }),
    delayMs: fc.integer({ min: -40_000, max: 60_000 }),
    byServer: fc.boolean(),
  })
  .map(({ seq, madeMs, delayMs, byServer }) => (byServer ? single : numbered)(seq, madeMs, madeMs + delayMs));
/** In order of arrival, as the store returns them. */
const anyFrames = fc
  .array(anyFrame, { maxLength: 40 })
  .map((frames) => frames.toSorted((a, b) => a.received_at - b.received_at));

describe('whatever a client sends', () => {
  test('counts each frame in one lane at most', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        const [evidence, arrivals] = placeAll(frames);
        const inLane = (lane: string) =>
          arrivals.filter((arrival) => arrival.kind === 'aside' && arrival.lane === lane);
        expect(evidence.outOfOrder).toBe(inLane('out_of_order').length);
        expect(evidence.outsideSession).toBe(inLane('outside_session').length);
        expect(evidence.lateUnexplained).toBe(inLane('unexplained').length);
      }),
    );
  });

  test('sees a frame as live only within 30 s of its receipt', () => {
    fc.assert(
      fc.property(anyFrames, (frames) => {
        for (const [at, arrival] of placeAll(frames)[1].entries()) {
          const { timestamp, received_at: receivedMs } = frames[at]!;
          if (arrival.kind === 'aside') continue;
          expect(arrival.isLive).toBe(receivedMs - timestamp <= 30_000);
          expect(timestamp - receivedMs).toBeLessThanOrEqual(30_000);
          expect(timestamp).toBeGreaterThanOrEqual(startMs - 5000);
        }
      }),
    );
  });

  test('changes nothing in the evidence that it was given', () => {
    fc.assert(
      fc.property(anyFrames, anyFrame, (frames, next) => {
        const [before] = placeAll(frames);
        const copy = structuredClone(before);
        placeArrival(before, next);
        expect(before).toEqual(copy);
      }),
    );
  });

  test('gives the same result after the evidence was stored as JSON', () => {
    fc.assert(
      fc.property(anyFrames, anyFrame, (frames, next) => {
        const [before] = placeAll(frames);
        expect(placeArrival(JSON.parse(JSON.stringify(before)) as SessionEvidence, next)).toEqual(
          placeArrival(before, next),
        );
      }),
    );
  });
});
