import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DeadlineError, withDeadline } from './deadline.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('returns a result, and an error, that arrive in time', async () => {
  await expect(withDeadline('call', 100, Promise.resolve(1))).resolves.toBe(1);
  await expect(withDeadline('call', 100, Promise.reject(new RangeError('bad')))).rejects.toThrow(RangeError);
  expect(vi.getTimerCount()).toBe(0);
});

test('rejects at the deadline, and names the call', async () => {
  const answer = withDeadline('indexedDB.open', 100, new Promise(() => undefined)).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(100);
  expect(await answer).toEqual(new DeadlineError('indexedDB.open', 100));
});

test('a suspended page gives the call the rest of its time', async () => {
  const due: (() => void)[] = [];
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation((run) => {
    due.push(run);
    return 0 as unknown as ReturnType<typeof setTimeout>;
  });
  let settle: (value: string) => void = () => undefined;
  const answer = withDeadline('write', 5000, new Promise<string>((resolve) => (settle = resolve)));
  // After a minute of suspension, the one timer that was due fires, and then the answer arrives.
  due.shift()?.();
  spy.mockRestore();
  settle('stored');
  await expect(answer).resolves.toBe('stored');
});

test('passes a late answer to its own listener', async () => {
  const late: string[] = [];
  const slow = new Promise<string>((resolve) => setTimeout(() => resolve('stream'), 150));
  const answer = withDeadline('getUserMedia', 100, slow, (value) => late.push(value)).catch(() => 'timed out');
  await vi.advanceTimersByTimeAsync(200);
  expect(await answer).toBe('timed out');
  expect(late).toEqual(['stream']);
});
