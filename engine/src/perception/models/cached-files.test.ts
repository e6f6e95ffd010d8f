import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CachedFiles } from './cached-files.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const storageOf = (cache: Partial<Cache>): CacheStorage =>
  ({ open: async () => cache }) as Partial<CacheStorage> as CacheStorage;
const opened = async (cache: Partial<Cache>): Promise<CachedFiles> => {
  const files = await CachedFiles.open(storageOf(cache), 'models');
  if (files === null) throw new Error('not opened');
  return files;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('there is no cache where the browser has none, refuses it, or does not answer', async () => {
  expect(await CachedFiles.open(null, 'models')).toBeNull();
  const refusing = { open: () => Promise.reject(new DOMException('', 'SecurityError')) } as unknown as CacheStorage;
  expect(await CachedFiles.open(refusing, 'models')).toBeNull();
  const silent = CachedFiles.open({ open: never } as unknown as CacheStorage, 'models');
  await vi.advanceTimersByTimeAsync(3000);
  expect(await silent).toBeNull();
});

test('after one call without an answer, the cache is not asked again', async () => {
  const match = vi.fn<() => Promise<never>>(never);
  const files = await opened({ match });
  const first = files.get('/a.bin');
  await vi.advanceTimersByTimeAsync(3000);
  expect(await first).toBeNull();
  expect(await files.get('/b.bin')).toBeNull();
  await files.put('/b.bin', 'b');
  expect(match).toHaveBeenCalledTimes(1);
});

test('a failed call counts as empty, and the cache is asked again', async () => {
  const match = vi.fn<() => Promise<Response>>(async () => new Response('content'));
  match.mockRejectedValueOnce(new DOMException('', 'UnknownError'));
  const files = await opened({ match, put: () => Promise.reject(new DOMException('', 'QuotaExceededError')) });
  expect(await files.get('/a.bin')).toBeNull();
  expect(new TextDecoder().decode((await files.get('/a.bin')) ?? undefined)).toBe('content');
  await files.put('/a.bin', 'content');
});

test('deletes files of an earlier release, and no others', async () => {
  const deleted: string[] = [];
  const files = await opened({
    keys: async () => ['/models/a', '/models/old', '/other'].map((url) => ({ url }) as Request),
    delete: async (url) => deleted.push(url as string) > 0,
  });
  await files.keepOnly('/models/', new Set(['/models/a']));
  expect(deleted).toEqual(['/models/old']);
});
