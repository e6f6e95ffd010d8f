import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ThrottledNotifier } from './throttled-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** One row of the records, as two replicas see it. */
const row = () => {
  let sentAt = '';
  return async (at: string, sinceAt: string): Promise<boolean> => {
    if (sentAt > sinceAt) return false;
    sentAt = at;
    return true;
  };
};

const replica = (told: number[], claim: (at: string, sinceAt: string) => Promise<boolean>, state: () => number) => {
  const events = new ThrottledNotifier({
    intervalMs: 2000,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });
  return {
    events,
    tell: () =>
      events.publish('ada', claim, async () => {
        told.push(state());
      }),
  };
};

test('tells at once, then at most once in the interval, and in the end the last state, over all replicas', async () => {
  const told: number[] = [];
  const claim = row();
  let position = 0;
  const [one, two] = [replica(told, claim, () => position), replica(told, claim, () => position)];
  for (position = 1; position <= 40; position++) {
    await (position % 2 === 0 ? one : two).tell();
    await vi.advanceTimersByTimeAsync(100);
  }
  position = 40;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told[0]).toBe(1);
  expect(told.at(-1)).toBe(40);
  // Four seconds of changes.
  expect(told.length).toBeLessThanOrEqual(5);
});

test('tells nothing after it is closed', async () => {
  const told: number[] = [];
  const { events, tell } = replica(told, row(), () => 1);
  await tell();
  await tell();
  events.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(told).toEqual([1]);
});
