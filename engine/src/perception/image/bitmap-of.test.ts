import { afterEach, expect, test, vi } from 'vitest';
import { bitmapOf } from './bitmap-of.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('gives up on an image that the browser does not make, and closes one that comes too late', async () => {
  vi.useFakeTimers();
  let answer: (bitmap: { close(): void }) => void = () => undefined;
  vi.stubGlobal('createImageBitmap', () => new Promise((resolve) => (answer = resolve)));
  const failure = bitmapOf({} as ImageData).catch((error: unknown) => String(error));
  await vi.advanceTimersByTimeAsync(5000);
  expect(await failure).toContain('createImageBitmap gave no answer');
  const close = vi.fn<() => void>();
  answer({ close });
  await vi.advanceTimersByTimeAsync(0);
  expect(close).toHaveBeenCalledOnce();
});
