// @vitest-environment happy-dom
import { signal } from '@preact/signals';
import { afterEach, expect, test, vi } from 'vitest';
import { leavePage } from './leave-page.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('a button is enabled again after Back or a stopped navigation, but not by the timer of an earlier one', () => {
  vi.useFakeTimers();
  vi.spyOn(location, 'assign').mockImplementation(() => undefined);
  const isBusy = signal(false);
  leavePage('/check/', isBusy);
  vi.advanceTimersByTime(19_000);
  expect(isBusy.value).toBe(true);
  dispatchEvent(new Event('pagehide'));
  expect(isBusy.value).toBe(false);
  leavePage('/check/', isBusy);
  vi.advanceTimersByTime(19_000);
  expect(isBusy.value).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(isBusy.value).toBe(false);
});
