import { afterEach, expect, test } from 'vitest';
import { createPerception } from './perception-client.ts';
import type { PerceptionClient } from './perception-client.ts';

let perception: PerceptionClient | null = null;
afterEach(() => perception?.close());

/** A worker that loads, but whose readings fail, in the messages of Comlink. */
const failingWorker = (): Worker => {
  const answer = ({ data: { id, path } }: MessageEvent<{ id: string; path?: string[] }>): void => {
    const capabilities = { phone: { available: true }, hands: { available: true } };
    const error = { name: 'RuntimeError', message: 'memory access out of bounds', stack: '' };
    if (path?.[0] === 'load') postMessage({ id, type: 'RAW', value: { capabilities } });
    if (path?.[0] === 'read')
      postMessage({ id, type: 'HANDLER', name: 'throw', value: { isError: true, value: error } });
  };
  return new Worker(URL.createObjectURL(new Blob([`onmessage = ${String(answer)}`], { type: 'text/javascript' })));
};

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

test('replaces a worker whose readings keep failing', async () => {
  const workers: Worker[] = [];
  const createWorker = (): Worker => {
    workers.push(failingWorker());
    return workers.at(-1)!;
  };
  perception = createPerception({ modelsUrl: '/models' }, { createWorker });
  await perception.load(() => undefined);
  const gone = new Promise((resolve) => perception?.on('gap', resolve));
  const image = new OffscreenCanvas(2, 2);
  image.getContext('2d')?.fillRect(0, 0, 2, 2);
  const read = async () => perception?.read(await createImageBitmap(image), 0);
  for (let i = 0; i < 9; i++) await expect(read()).rejects.toMatchObject({ reason: 'reading_failed' });
  expect(workers).toHaveLength(1);
  await expect(read()).rejects.toThrow('memory access out of bounds');
  expect(await gone).toMatchObject({ reason: 'worker_crashed' });
  expect(workers).toHaveLength(2);
});
