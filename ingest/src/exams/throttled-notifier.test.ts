import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ThrottledNotifier } from './throttled-notifier.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** One row of the records, shared by two replicas. */
const row = () => {
  let sentAt = '';
  return async (at: string, sinceAt: string): Promise<boolean> => {
    if (sentAt > sinceAt) return false;
    sentAt = at;
    return true;
  };
};

const replica = (received: number[], claim: (at: string, sinceAt: string) => Promise<boolean>, state: () => number) => {
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
        received.push(state());
      }),
  };
};

test('publishes at once, then at most once per interval, and finally the last state, over all replicas', async () => {
  const received: number[] = [];
  const claim = row();
  let position = 0;
  const [one, two] = [replica(received, claim, () => position), replica(received, claim, () => position)];
  for (position = 1; position <= 40; position++) {
    await (position % 2 === 0 ? one : two).tell();
    await vi.advanceTimersByTimeAsync(100);
  }
  position = 40;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(received[0]).toBe(1);
  expect(received.at(-1)).toBe(40);
  // Four seconds of changes.
  expect(received.length).toBeLessThanOrEqual(5);
});

test('publishes nothing after it is closed', async () => {
  const received: number[] = [];
  const { events, tell } = replica(received, row(), () => 1);
  await tell();
  await tell();
  events.close();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(received).toEqual([1]);
});
