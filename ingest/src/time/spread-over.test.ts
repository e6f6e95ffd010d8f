import { expect, test } from 'vitest';
import { monotonicMs } from './monotonic-time.ts';
import { spreadOver } from './spread-over.ts';

const items = [0, 1, 2, 3, 4, 5, 6, 7];

test('begins each item when its part of the time has come', async () => {
  const fromMs = monotonicMs();
  const begunMs: number[] = [];
  const options = { overMs: 80, concurrency: 8, signal: new AbortController().signal };
  await spreadOver(items, options, async () => void begunMs.push(monotonicMs() - fromMs));
  expect(begunMs).toHaveLength(8);
  // A timer may fire a millisecond early.
  for (const [at, ms] of begunMs.entries()) expect(ms).toBeGreaterThan(at * 10 - 2);
});

test('works at no more than some at once, and does not wait once it is stopped', async () => {
  const stop = new AbortController();
  const started: number[] = [];
  const finish: (() => void)[] = [];
  let most = 0;
  let running = 0;
  const all = spreadOver(items, { overMs: 3_600_000, concurrency: 3, signal: stop.signal }, async (item) => {
    started.push(item);
    running += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => finish.push(resolve));
    running -= 1;
  });
  expect(started).toEqual([0]);
  stop.abort();
  while (started.length < items.length || running > 0) {
    for (const done of finish.splice(0)) done();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await all;
  expect(started).toEqual(items);
  expect(most).toBe(3);
});
