import { afterEach, expect, test, vi } from 'vitest';
import { requestPersistentStorage } from './persistent-storage.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test.each([true, false])('passes on the browser’s answer: %s', async (answer) => {
  vi.stubGlobal('navigator', { storage: { persist: async () => answer } });
  expect(await requestPersistentStorage()).toBe(answer);
});

test('takes a missing function, or a refusal, as no', async () => {
  vi.stubGlobal('navigator', {});
  expect(await requestPersistentStorage()).toBe(false);
  vi.stubGlobal('navigator', { storage: {} });
  expect(await requestPersistentStorage()).toBe(false);
  vi.stubGlobal('navigator', { storage: { persist: () => Promise.reject(new Error('denied')) } });
  expect(await requestPersistentStorage()).toBe(false);
});

test('takes a question that is left open as no, after a minute', async () => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { storage: { persist: () => new Promise(() => undefined) } });
  const answer = requestPersistentStorage();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(await answer).toBe(false);
});
