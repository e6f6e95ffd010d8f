import { expect, test } from 'vitest';
import { SlicePace, TimeSlice } from './time-slice.ts';

/** A slice of 4 ms, each followed by twice its time. */
const restingSlice = (): { slice: TimeSlice; rests: number[]; clock: { ms: number } } => {
  const clock = { ms: 0 };
  const rests: number[] = [];
  const pace = new SlicePace();
  pace.turn = async ({ restMs }) => void rests.push(restMs);
  return { slice: new TimeSlice({ lengthMs: 4, restPerWork: 2, pace, monotonicMs: () => clock.ms }), rests, clock };
};

test('a slice is over once its length has passed, and without a rest the next one starts in a later turn', async () => {
  let nowMs = 0;
  const slice = new TimeSlice({ lengthMs: 8, restPerWork: 0, pace: new SlicePace(), monotonicMs: () => nowMs });
  nowMs = 7.9;
  expect(slice.isOver()).toBe(false);
  nowMs = 8;
  expect(slice.isOver()).toBe(true);
  let turns = 0;
  setImmediate(() => (turns += 1));
  await slice.next();
  expect(turns).toBe(1);
  expect(slice.isOver()).toBe(false);
  nowMs = 16;
  expect(slice.isOver()).toBe(true);
});

test('a slice rests for a multiple of its own time, which waiting for I/O is not', async () => {
  const { slice, rests, clock } = restingSlice();
  clock.ms = 5;
  await slice.next();
  expect(rests).toEqual([10]);
  expect(slice.isOver()).toBe(false);
  clock.ms = 1000;
  slice.resume();
  clock.ms = 1004;
  await slice.next();
  expect(rests).toEqual([10, 8]);
});

test('slices that share a pace run one after the other, each after a rest', async () => {
  const pace = new SlicePace();
  const fromMs = performance.now();
  const startsMs = await Promise.all(
    [1, 2, 3].map(async () => {
      await pace.turn({ restMs: 10, lengthMs: 20 });
      return performance.now() - fromMs;
    }),
  );
  // Each timer may fire a millisecond early.
  for (const [at, startMs] of startsMs.entries()) expect(startMs).toBeGreaterThan(9 + at * 28);
});

test('after an interruption, the rest is not as long as the interruption', async () => {
  const { slice, rests, clock } = restingSlice();
  clock.ms = 3_600_000;
  await slice.next();
  expect(rests).toEqual([16]);
});
