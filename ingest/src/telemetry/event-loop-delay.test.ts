import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { measureEventLoopDelay } from './event-loop-delay.ts';

test('measures how long the event loop was blocked, and begins again after each reading', async () => {
  const measured = measureEventLoopDelay();
  await delay(50);
  const untilMs = performance.now() + 120;
  while (performance.now() < untilMs);
  await delay(50);
  const { p50Ms, p99Ms, maxMs } = measured.take();
  // At least the block, without the interval of the measurement.
  expect(maxMs).toBeGreaterThan(100);
  expect(p50Ms).toBeLessThanOrEqual(p99Ms);
  expect(p99Ms).toBeLessThanOrEqual(maxMs);
  expect(measured.take()).toEqual({ p50Ms: 0, p99Ms: 0, maxMs: 0 });
  measured.close();
});
