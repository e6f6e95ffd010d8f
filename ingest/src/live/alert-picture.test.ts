import { expect, test, vi } from 'vitest';
import { alertPicture } from './alert-picture.ts';

const beganMs = 100_000;
type Shown = { data: string; atMs: number } | null;

const ask = (shown: () => Shown, requested: string | null = null): Promise<string | null> =>
  alertPicture({ view: { lastPictureOf: shown }, pictures: { ofAlert: async () => requested } }, 's1', beganMs);

test('an image from after the beginning of the observation is used', async () => {
  expect(await ask(() => ({ data: 'after', atMs: beganMs + 1500 }))).toBe('after');
});

test('one that arrived as it began may have been taken before: a new one is asked for', async () => {
  expect(await ask(() => ({ data: 'before', atMs: beganMs + 500 }), 'requested')).toBe('requested');
});

test('the next image of a sentinel is awaited; an older one is never used', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  try {
    const shown = vi.fn<() => Shown>(() => ({ data: 'before', atMs: beganMs - 1 }));
    const none = ask(shown);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await none).toBeNull();
  } finally {
    vi.useRealTimers();
  }
  let asked = 0;
  const next = ask(() => ((asked += 1) < 3 ? { data: 'before', atMs: 0 } : { data: 'after', atMs: beganMs + 2000 }));
  expect(await next).toBe('after');
});
