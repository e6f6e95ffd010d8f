import { afterEach, expect, test } from 'vitest';
import { createPerception } from './perception-client.ts';
import type { PerceptionClient } from './perception-client.ts';
import type { PerceptionError } from './perception-error.ts';

let perception: PerceptionClient | null = null;
afterEach(() => perception?.close());

/** A worker that loads, but whose readings fail with this message, in the messages of Comlink. */
const failingWorker = (message: string): Worker => {
  const answering =
    (text: string) =>
    ({ data: { id, path } }: MessageEvent<{ id: string; path?: string[] }>): void => {
      const capabilities = { phone: { available: true }, hands: { available: true } };
      const error = { name: 'RuntimeError', message: text, stack: '' };
      if (path?.[0] === 'load') postMessage({ id, type: 'RAW', value: { capabilities } });
      if (path?.[0] === 'read')
        postMessage({ id, type: 'HANDLER', name: 'throw', value: { isError: true, value: error } });
    };
  const source = `onmessage = (${String(answering)})(${JSON.stringify(message)})`;
  return new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
};

const readOnce = async () => {
  const image = new OffscreenCanvas(2, 2);
  image.getContext('2d')?.fillRect(0, 0, 2, 2);
  return perception?.read(await createImageBitmap(image), 0);
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
    workers.push(failingWorker('memory access out of bounds'));
    return workers.at(-1)!;
  };
  perception = createPerception({ modelsUrl: '/models' }, { createWorker });
  await perception.load(() => undefined);
  const gone = new Promise((resolve) => perception?.on('gap', resolve));
  for (let i = 0; i < 9; i++) await expect(readOnce()).rejects.toMatchObject({ reason: 'reading_failed' });
  expect(workers).toHaveLength(1);
  await expect(readOnce()).rejects.toThrow('memory access out of bounds');
  expect(await gone).toMatchObject({ reason: 'worker_crashed' });
  expect(workers).toHaveLength(2);
});

test('reports readings that have too little memory, replaces their worker, and names the reason when it gives up', async () => {
  const workers: Worker[] = [];
  const createWorker = (): Worker => {
    workers.push(failingWorker('Aborted(OOM)'));
    return workers.at(-1)!;
  };
  const neverMs = 1_000_000;
  perception = createPerception(
    { modelsUrl: '/models' },
    {
      createWorker,
      // Restarts at once.
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs === neverMs ? neverMs : 0);
        return () => clearTimeout(timer);
      },
      limits: { loadSilenceMs: neverMs, firstReadsMs: neverMs, readMs: neverMs },
    },
  );
  await perception.load(() => undefined);
  const errors: { reason: string; fatal: boolean }[] = [];
  perception.on('error', ({ error, fatal }) => errors.push({ reason: (error as PerceptionError).reason, fatal }));
  while (!errors.some(({ fatal }) => fatal)) {
    const next = new Promise<void>((resolve) => {
      perception?.on('restarted', () => resolve());
      perception?.on('error', ({ fatal }) => fatal && resolve());
    });
    for (let i = 0; i < 10; i++) await expect(readOnce()).rejects.toMatchObject({ reason: 'out_of_memory' });
    await next;
  }
  // The first worker and eight in its place, with ten readings each.
  expect(workers).toHaveLength(9);
  expect(errors).toEqual([
    ...Array.from({ length: 90 }, () => ({ reason: 'out_of_memory', fatal: false })),
    { reason: 'out_of_memory', fatal: true },
  ]);
});
