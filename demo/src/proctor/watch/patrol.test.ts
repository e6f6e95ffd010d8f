import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Patrol } from './patrol.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('reaches every session in turn, and begins again', () => {
  const sessions = Array.from({ length: 500 }, (_, index) => `s-${index}`);
  const seen: string[] = [];
  const patrol = new Patrol(
    () => sessions,
    () => seen.push(...patrol.current),
  );
  patrol.open();
  vi.advanceTimersByTime(39_000);
  expect(seen).toEqual(sessions);
  vi.advanceTimersByTime(3000);
  expect(patrol.current[0]).toBe('s-0');
  patrol.close();
  vi.advanceTimersByTime(30_000);
  expect(seen).toHaveLength(540);
});

test('follows who is connected', () => {
  let sessions = ['a', 'b'];
  const patrol = new Patrol(
    () => sessions,
    () => undefined,
  );
  patrol.open();
  vi.advanceTimersByTime(3000);
  expect(patrol.current).toEqual(['a', 'b']);
  sessions = [];
  vi.advanceTimersByTime(3000);
  expect(patrol.current).toEqual([]);
  patrol.close();
});
