import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilAnswered } from './until-answered.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a failure is repeated until there is an answer', async () => {
  let reads = 0;
  const answer = untilAnswered(
    () => (++reads < 3 ? Promise.reject(new Error('away')) : Promise.resolve('known')),
    () => true,
  );
  await vi.advanceTimersByTimeAsync(10_000);
  expect([await answer, reads]).toEqual(['known', 3]);
});

test('ends without an answer when nobody needs it any more', async () => {
  let reads = 0;
  let isNeeded = true;
  const answer = untilAnswered(
    () => (reads++, Promise.reject(new Error('away'))),
    () => isNeeded,
  );
  await vi.advanceTimersByTimeAsync(0);
  isNeeded = false;
  await vi.advanceTimersByTimeAsync(5000);
  expect([await answer, reads, vi.getTimerCount()]).toEqual([null, 1, 0]);
});
