import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { localBus } from '../../test/local-bus.ts';
import { ClockComparison } from './clock-comparison.ts';
import { recordBeatMs } from './liveness.ts';

afterEach(() => void vi.useRealTimers());

test('a replica whose clock differs is noticed by the other, and logged once', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const bus = localBus();
  const events: string[] = [];
  const log = pino({}, { write: (line) => void events.push(JSON.parse(line).event) });
  const skews: Record<string, number> = {};
  const nowMs = Date.UTC(2026, 0, 5);
  const start = (replicaId: string, aheadMs: number): ClockComparison =>
    new ClockComparison({
      replicaId,
      bus,
      now: () => nowMs + aheadMs,
      onSkew: (skewMs) => (skews[replicaId] = skewMs),
      log,
    });
  const [right, ahead] = [start('right', 0), start('ahead', 120_000)];
  for (let beat = 0; beat < 3; beat += 1) {
    vi.advanceTimersByTime(recordBeatMs);
    await Promise.resolve();
  }
  expect(skews).toEqual({ right: 120_000, ahead: 120_000 });
  expect(events).toEqual(['clock.skewed', 'clock.skewed']);
  right.close();
  ahead.close();
  await bus.close();
});
