import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Principal } from '../model/principal.ts';
import { atExpiry } from './close-at-expiry.ts';

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
