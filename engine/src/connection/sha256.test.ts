import { afterEach, expect, test, vi } from 'vitest';
import { sha256 } from './sha256.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('is the usual digest', async () => {
  expect(await sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('is null if the browser does not answer, so that frames are sent without a prediction', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('crypto', { subtle: { digest: () => new Promise(() => undefined) } });
  const digest = sha256('text');
  await vi.advanceTimersByTimeAsync(2000);
  expect(await digest).toBeNull();
});
