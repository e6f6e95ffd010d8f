import { expect, test } from 'vitest';
import { clockProblem, markNow } from './clock-check.ts';
import type { ClockMark } from './clock-check.ts';

const hourMs = 3_600_000;
const mark = (hours: number, uptimeHours: number, bootId: string | null = 'boot'): ClockMark => ({
  at: new Date(Date.UTC(2026, 0, 5) + hours * hourMs).toISOString(),
  bootId,
  uptimeMs: uptimeHours * hourMs,
});

test('a clock that agrees with the uptime is right, however long it took', () => {
  expect(clockProblem(mark(0, 5), mark(1, 6))).toBeNull();
  expect(clockProblem(mark(0, 5), mark(5000, 5005))).toBeNull();
});

test('a clock that leaped on the same machine is not', () => {
  expect(clockProblem(mark(0, 5), mark(400 * 24, 6))).toMatch('the clock was set');
  expect(clockProblem(mark(0, 5), mark(2, 6))).toMatch('60 minutes have passed');
  expect(clockProblem(mark(0, 5), mark(-1, 6))).toMatch('set back');
});

test('after a restart of the machine a pause of days is believed, one of weeks is not', () => {
  expect(clockProblem(mark(0, 5), mark(72, 1, 'other'))).toBeNull();
  expect(clockProblem(mark(0, 5), mark(24 * 30, 1, 'other'))).toMatch('nothing shows whether the clock is right');
  expect(clockProblem(mark(0, 5, null), mark(24 * 30, 1, null))).not.toBeNull();
});

test('marks of this machine are comparable', () => {
  const first = markNow(Date.now());
  expect(clockProblem(first, markNow(Date.now()))).toBeNull();
  expect(first.uptimeMs).toBeGreaterThan(0);
});
