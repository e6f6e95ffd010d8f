import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { ruleSets } from '@invigil/protocol/rules';
import { isBehind, startAnalysis, stepAnalysis, stepGroup } from './analysis-state.ts';
import type { AnalysisState } from './analysis-state.ts';
import { startReceiptChain, stepReceiptChain } from './receipt-chain.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const [byTime, byArrival] = [ruleSets['2']!, ruleSets['3']!];
const frame = (seq: number, delayMs = 40): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: startMs + seq * 200 + delayMs,
  no_of_face: 1,
});

describe('the receipts of a session', () => {
  test('are hashed one after the other, each with its id and time', () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const one = stepReceiptChain(startReceiptChain, frame(0));
    expect(one).toBe(sha(`\n0\n${startMs + 40}`));
    expect(stepReceiptChain(one, frame(1))).toBe(sha(`${one}\n1\n${startMs + 240}`));
  });

  test('change with any time of receipt and with the order', () => {
    const chainOf = (frames: readonly StoredFrame[]) => frames.reduce(stepReceiptChain, startReceiptChain);
    const frames = [frame(0), frame(1), frame(2)];
    fc.assert(
      fc.property(fc.nat({ max: 2 }), fc.integer({ min: 1, max: 1000 }), (at, laterMs) => {
        const moved = frames.with(at, { ...frames[at]!, received_at: frames[at]!.received_at + laterMs });
        expect(chainOf(moved)).not.toBe(chainOf(frames));
      }),
    );
    expect(chainOf(frames.toReversed())).not.toBe(chainOf(frames));
  });
});

describe('the analysis by time', () => {
  test('starts without a clock offset, and keeps the smallest', () => {
    const start = startAnalysis(byTime, startMs);
    expect(start).toMatchObject({ last: null, clockOffsetMs: null });
    expect(start).not.toHaveProperty('arrived');
    const offsets = [60, 25, 90].reduce<AnalysisState[]>(
      (states, delayMs, seq) => [...states, stepAnalysis(states.at(-1)!, frame(seq, delayMs), byTime)[0]],
      [start],
    );
    expect(offsets.slice(1).map(({ clockOffsetMs }) => clockOffsetMs)).toEqual([60, 25, 25]);
  });

  test('has a negative offset where the client’s clock is ahead', () => {
    expect(stepAnalysis(startAnalysis(byTime, startMs), frame(0, -5000), byTime)[0].clockOffsetMs).toBe(-5000);
  });
});

describe('the analysis in order of arrival', () => {
  test('counts messages, and hashes the receipts of all their frames', () => {
    const start = startAnalysis(byArrival, startMs);
    const groups = [
      { frames: [frame(0), frame(1)], position: { links: 1, unnumbered: 0 } },
      { frames: [], position: { links: 2, unnumbered: 0 } },
      { frames: [{ ...frame(0), frame_id: 'srv-0' }], position: { links: 2, unnumbered: 1 } },
    ];
    const end = groups.reduce((state, group) => stepGroup(state, group, byArrival)[0], start);
    const receipts = groups.flatMap(({ frames }) => frames).reduce(stepReceiptChain, startReceiptChain);
    expect(end.arrived).toEqual({ position: { links: 2, unnumbered: 1 }, receipts });
    expect(end.state.frames).toBe(3);
  });

  test('gives the same for one group as for its frames one by one', () => {
    const frames = Array.from({ length: 30 }, (_, seq) => ({ ...frame(seq), no_of_face: seq > 10 ? 0 : 1 }));
    const position = { links: 1, unnumbered: 0 };
    const [whole, events] = stepGroup(startAnalysis(byArrival, startMs), { frames, position }, byArrival);
    let [state, single] = [startAnalysis(byArrival, startMs), [] as typeof events];
    for (const each of frames) {
      const [next, added] = stepAnalysis(state, each, byArrival);
      [state, single] = [next, [...single, ...added]];
    }
    expect(whole.state).toEqual(state.state);
    expect(events).toEqual(single);
    expect(events).not.toEqual([]);
  });
});

describe('a frame is behind the analysis', () => {
  const [after] = stepAnalysis(startAnalysis(byTime, startMs), frame(5), byTime);

  test.each([
    ['if it is the last one', frame(5), true],
    ['if it is earlier', frame(4), true],
    ['unless it is later', frame(6), false],
    ['by its number at the same time', { ...frame(4), timestamp: frame(5).timestamp }, true],
    ['unless its number is higher at the same time', { ...frame(6), timestamp: frame(5).timestamp }, false],
  ])('%s', (_name, other, behind) => {
    expect(isBehind(after, other)).toBe(behind);
  });

  test('never before the first frame', () => {
    expect(isBehind(startAnalysis(byTime, startMs), frame(0))).toBe(false);
  });
});
