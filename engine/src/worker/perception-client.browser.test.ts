import { afterEach, expect, test } from 'vitest';
import { createPerception } from './perception-client.ts';
import type { PerceptionClient } from './perception-client.ts';

let perception: PerceptionClient | null = null;
afterEach(() => perception?.close());

/** A worker that never answers. */
const silentWorker = (): Worker => new Worker(URL.createObjectURL(new Blob([''], { type: 'text/javascript' })));

test('the watchdog uses the given timers, which a hidden page does not slow down', async () => {
  const calls: { delayMs: number; run: () => void }[] = [];
  perception = createPerception(
    { modelsUrl: '/models' },
    {
      createWorker: silentWorker,
      after: (delayMs, run) => {
        calls.push({ delayMs, run });
        return () => undefined;
      },
      limits: { loadSilenceMs: 500, firstReadsMs: 500, readMs: 500 },
    },
  );
  const loading = perception.load(() => undefined);
  expect(calls.map(({ delayMs }) => delayMs)).toEqual([500]);
  calls[0]?.run();
  await expect(loading).rejects.toMatchObject({ reason: 'worker_hung' });
});
