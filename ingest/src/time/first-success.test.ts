import { expect, test } from 'vitest';
import { waitUntil } from '@invigil/testkit/timers/waits';
import { firstSuccess } from './first-success.ts';

const never = new AbortController().signal;

test('resolves with the first attempt that succeeds', async () => {
  let attempts = 0;
  await firstSuccess(
    async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not yet');
    },
    60_000,
    never,
  );
  expect(attempts).toBe(3);
});

test('gives up at the limit: no attempt begins after it, and none that hangs is awaited', async () => {
  let failures = 0;
  const fails = (): Promise<void> => {
    failures += 1;
    return Promise.reject(new Error('away'));
  };
  await firstSuccess(fails, 30, never);
  const [before, later] = [failures, Date.now() + 100];
  await waitUntil(() => Date.now() > later);
  // One may have been about to begin.
  expect(failures - before).toBeLessThanOrEqual(1);
  await firstSuccess(() => new Promise(() => undefined), 30, never);
});

test('ends when the signal aborts', async () => {
  const stopping = new AbortController();
  const waiting = firstSuccess(() => new Promise(() => undefined), 60_000, stopping.signal);
  stopping.abort();
  await expect(waiting).resolves.toBeUndefined();
  const failing = firstSuccess(() => Promise.reject(new Error('away')), 60_000, stopping.signal);
  await expect(failing).resolves.toBeUndefined();
});
