import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Continuation } from './continuation.ts';
import type { ContinuationHost } from './continuation.ts';
import type { SessionTicket } from './session-ticket.ts';
import { resumeFlag } from './resume-flag.ts';

/** Storage as browsers keep it for each tab. */
class TabStorage {
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null;
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null;
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value);
  }
}

const begin = vi.fn<() => void>();
const changed = vi.fn<() => void>();
let asked: number;
let page: { sessionId: string | null; source: (() => Promise<SessionTicket>) | null; isInPage: boolean };
let continuation: Continuation;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('sessionStorage', new TabStorage());
  vi.resetAllMocks();
  asked = 0;
  page = { sessionId: null, source: null, isInPage: true };
  const host: ContinuationHost = {
    source: () => page.source,
    sessionId: () => page.sessionId,
    mayContinue: () => page.isInPage,
    begin,
    changed,
  };
  continuation = new Continuation(host);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const named = (sessionId: string) => async (): Promise<SessionTicket> => {
  asked += 1;
  return { sessionId, token: 't' };
};

const soon = async (): Promise<void> => {
  continuation.soon();
  await vi.runAllTimersAsync();
};

test('a session that the attribute names continues after a reload', async () => {
  page.sessionId = 'one';
  resumeFlag.set('one', 'running');
  await soon();
  expect(begin).toHaveBeenCalledOnce();
  expect(continuation.isResuming).toBe(true);
});

test.each([['never ran here', null] as const, ['was stopped here', 'stopped'] as const])(
  'a session that %s waits for the student',
  async (_what, state) => {
    page.sessionId = 'one';
    if (state !== null) resumeFlag.set('one', state);
    await soon();
    expect(begin).not.toHaveBeenCalled();
    expect(continuation.isResuming).toBe(state !== null);
  },
);

test('a session that the page names continues, and the page is asked once', async () => {
  page.source = named('one');
  resumeFlag.set('one', 'running');
  // The element leaves the consent when it begins.
  begin.mockImplementation(() => {
    page.isInPage = false;
  });
  continuation.soon();
  await soon();
  expect(asked).toBe(1);
  expect(begin).toHaveBeenCalledOnce();
  expect(continuation.takeTicket()).toEqual({ sessionId: 'one', token: 't' });
  expect(continuation.takeTicket()).toBeNull();
});

test('another session of the same tab asks for consent again', async () => {
  page.source = named('two');
  resumeFlag.set('one', 'running');
  await soon();
  expect(begin).not.toHaveBeenCalled();
  expect(continuation.takeTicket()).toBeNull();
});

test('a page is not asked to name a session before consent', async () => {
  page.source = named('one');
  await soon();
  expect(asked).toBe(0);
});

test('a page that cannot name the session leaves the student with the consent', async () => {
  resumeFlag.set('one', 'running');
  page.source = () => Promise.reject(new Error('offline'));
  await soon();
  expect(begin).not.toHaveBeenCalled();
  page.source = named('one');
  await soon();
  expect(begin).toHaveBeenCalledOnce();
});

test('an element that was removed in the meantime does not start', async () => {
  resumeFlag.set('one', 'running');
  page.source = async () => {
    page.isInPage = false;
    return { sessionId: 'one' };
  };
  await soon();
  expect(begin).not.toHaveBeenCalled();
});
