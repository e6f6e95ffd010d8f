import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withDeadline } from './with-deadline.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const late = (): never => {
  throw new Error('late');
};
const never = new Promise<string>(() => undefined);

test('returns the result of work that finishes in time, and leaves no timer behind', async () => {
  await expect(withDeadline(Promise.resolve('done'), 100, late)).resolves.toBe('done');
  expect(vi.getTimerCount()).toBe(0);
});

test('rejects as the work does, and leaves no timer behind', async () => {
  await expect(withDeadline(Promise.reject(new Error('broken')), 100, late)).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

test('throws what onTimeout throws once the deadline has passed, not before', async () => {
  let outcome = 'pending';
  const waiting = withDeadline(never, 100, late).catch((error: Error) => (outcome = error.message));
  await vi.advanceTimersByTimeAsync(99);
  expect(outcome).toBe('pending');
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(outcome).toBe('late');
});

test('returns the substitute that onTimeout gives', async () => {
  const waiting = withDeadline(never, 100, () => 'substitute');
  await vi.advanceTimersByTimeAsync(100);
  await expect(waiting).resolves.toBe('substitute');
});

test('ignores work that fails after its deadline', async () => {
  let fail: (error: Error) => void = () => undefined;
  const work = new Promise<string>((_resolve, reject) => (fail = reject));
  const waiting = withDeadline(work, 100, () => 'substitute');
  await vi.advanceTimersByTimeAsync(100);
  await new Promise((resolve) => setImmediate(resolve));
  fail(new Error('too late'));
  await expect(waiting).resolves.toBe('substitute');
});

test('counts an answer that arrived in time although the process was held up', async () => {
  vi.useRealTimers();
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<string>((resolve) => port1.addEventListener('message', () => resolve('answer')));
  port1.start();
  const waiting = withDeadline(answer, 20, () => 'substitute');
  port2.postMessage('');
  const untilMs = performance.now() + 40;
  while (performance.now() < untilMs);
  expect(await waiting).toBe('answer');
  port1.close();
});
