import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { acquireSessionLock } from './session-lock.ts';

type Held = (lock: unknown) => Promise<void>;

/** Web Locks for the tabs of one browser, as the standard says: the first request holds the name until its promise settles. */
class TabLocks {
  readonly #holders = new Map<string, Promise<void>>();
  readonly names: string[] = [];

  async request(name: string, { signal }: { signal: AbortSignal }, run: Held): Promise<void> {
    this.names.push(name);
    const aborted = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('', 'TimeoutError')));
    });
    aborted.catch(() => undefined);
    while (this.#holders.has(name)) await Promise.race([this.#holders.get(name), aborted]);
    const held = run({ name });
    this.#holders.set(name, held);
    await held;
    this.#holders.delete(name);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  // Fake timers do not reach into Node's `AbortSignal.timeout`.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((delayMs) => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(new DOMException('', 'TimeoutError')), delayMs);
    return controller.signal;
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('the second tab does not get the session, and gets it once the first gave it back', async () => {
  vi.stubGlobal('navigator', { locks: new TabLocks() });
  const release = await acquireSessionLock('s');
  expect(release).toBeTypeOf('function');
  const second = acquireSessionLock('s');
  await vi.advanceTimersByTimeAsync(3000);
  expect(await second).toBeNull();
  release?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(await acquireSessionLock('s')).toBeTypeOf('function');
});

test('waits for a page that is being reloaded and still holds it', async () => {
  vi.stubGlobal('navigator', { locks: new TabLocks() });
  const release = await acquireSessionLock('s');
  const next = acquireSessionLock('s');
  await vi.advanceTimersByTimeAsync(2500);
  release?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(await next).toBeTypeOf('function');
});

test('two sessions do not exclude each other', async () => {
  const locks = new TabLocks();
  vi.stubGlobal('navigator', { locks });
  expect(await acquireSessionLock('a')).toBeTypeOf('function');
  expect(await acquireSessionLock('b')).toBeTypeOf('function');
  expect(locks.names).toEqual(['invigil:a', 'invigil:b']);
});

test('every tab gets the session where the browser has no locks', async () => {
  vi.stubGlobal('navigator', {});
  expect(await acquireSessionLock('s')).toBeTypeOf('function');
  expect(await acquireSessionLock('s')).toBeTypeOf('function');
});

test('every tab gets the session in a frame to which the browser denies locks', async () => {
  const request = (): Promise<void> => Promise.reject(new DOMException('denied', 'SecurityError'));
  vi.stubGlobal('navigator', { locks: { request } });
  const release = await acquireSessionLock('s');
  expect(release).toBeTypeOf('function');
  expect(() => release?.()).not.toThrow();
});

test('does not wait for a lock manager that never answers', async () => {
  vi.stubGlobal('navigator', { locks: { request: () => new Promise(() => undefined) } });
  const release = acquireSessionLock('s');
  await vi.advanceTimersByTimeAsync(4000);
  expect(await release).toBeTypeOf('function');
});
