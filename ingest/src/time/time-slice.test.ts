import { expect, onTestFinished, test, vi } from 'vitest';
import { SlicePace, TimeSlice } from './time-slice.ts';

const fakeTimers = (): void => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
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

test('a slice that rests leaves the event loop to others for a multiple of its own time', async () => {
  fakeTimers();
  let nowMs = 0;
  const pace = new SlicePace();
  const slice = new TimeSlice({ lengthMs: 4, restPerWork: 2, pace, monotonicMs: () => nowMs });
  nowMs = 5;
  let isResting = true;
  const rested = slice.next().then(() => (isResting = false));
  await vi.advanceTimersByTimeAsync(9);
  expect(isResting).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  await rested;
  expect(slice.isOver()).toBe(false);
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
  fakeTimers();
  let nowMs = 0;
  const slice = new TimeSlice({ lengthMs: 4, restPerWork: 2, pace: new SlicePace(), monotonicMs: () => nowMs });
  nowMs = 3_600_000;
  const rested = slice.next();
  await vi.advanceTimersByTimeAsync(40);
  await expect(rested).resolves.toBeUndefined();
});
