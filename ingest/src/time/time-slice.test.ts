import { expect, test } from 'vitest';
import { TimeSlice } from './time-slice.ts';

test('a slice is over once its length has passed, and the next one starts in a later turn', async () => {
  let nowMs = 0;
  const slice = new TimeSlice(8, () => nowMs);
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
