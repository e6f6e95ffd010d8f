import { expect, onTestFinished, test, vi } from 'vitest';
import { TimeSlice } from './time-slice.ts';

test('a slice is over once its length has passed, and the next one starts in a later turn', async () => {
  let nowMs = 0;
  const slice = new TimeSlice({ lengthMs: 8, monotonicMs: () => nowMs });
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
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let nowMs = 0;
  const slice = new TimeSlice({ lengthMs: 4, restPerWork: 2, monotonicMs: () => nowMs });
  nowMs = 5;
  let isResting = true;
  const rested = slice.next().then(() => (isResting = false));
  await vi.advanceTimersByTimeAsync(9);
  expect(isResting).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  await rested;
  expect(slice.isOver()).toBe(false);
});

test('after an interruption, the rest is not as long as the interruption', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  let nowMs = 0;
  const slice = new TimeSlice({ lengthMs: 4, restPerWork: 2, monotonicMs: () => nowMs });
  nowMs = 3_600_000;
  const rested = slice.next();
  await vi.advanceTimersByTimeAsync(40);
  await expect(rested).resolves.toBeUndefined();
});
