import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from './connection.ts';
import type { Principal } from '../model/principal.ts';
import { atExpiry, closeAtExpiry } from './close-at-expiry.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const principal = (expiresAtMs: number | null): Principal => ({
  userId: 'ada',
  role: 'STUDENT',
  sessionId: null,
  examId: null,
  expiresAtMs,
});
const start = (expiresAtMs: number | null) => {
  const onExpired = vi.fn<() => void>();
  const timer = atExpiry(principal(expiresAtMs), 1000, onExpired);
  return { onExpired, timer };
};

test('fires when the token expires, and not before', () => {
  const { onExpired } = start(61_000);
  vi.advanceTimersByTime(59_999);
  expect(onExpired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onExpired).toHaveBeenCalledOnce();
});

test('fires on a whole second after the expiry, never before', () => {
  const { onExpired } = start(2001);
  vi.advanceTimersByTime(1999);
  expect(onExpired).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onExpired).toHaveBeenCalledOnce();
});

test('fires at once for a token that has expired already', () => {
  const { onExpired } = start(500);
  vi.advanceTimersByTime(0);
  expect(onExpired).toHaveBeenCalledOnce();
});

test.each([[null], [1001 + 2 ** 31]])(
  'never fires for a token without an end, or beyond the longest timer: %s',
  (at) => {
    const { onExpired, timer } = start(at);
    expect(timer).toBeUndefined();
    vi.advanceTimersByTime(2 ** 31);
    expect(onExpired).not.toHaveBeenCalled();
  },
);

test('a connection closes on sign-out, also if that came before the connection was open', () => {
  const closed: unknown[] = [];
  const connection = { close: ({ code }: { code: number }) => void closed.push(code) } as unknown as Connection;
  const before = AbortSignal.abort();
  closeAtExpiry(connection, { ...principal(null), signedOut: before }, 1000);
  expect(closed).toEqual([4004]);
  const later = new AbortController();
  closeAtExpiry(connection, { ...principal(null), signedOut: later.signal }, 1000);
  later.abort();
  expect(closed).toEqual([4004, 4004]);
});
