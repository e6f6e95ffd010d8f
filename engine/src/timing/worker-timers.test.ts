import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TimerRequest } from './timer-worker.ts';

/** The page's and the worker's side, each with the other's messages, as between a page and a real worker. */
let toPage: (id: number) => void;
let requests: TimerRequest[];
let isTerminated: boolean;
let failWorker: () => void;
/** A worker that never starts, and reports nothing. */
let isSilent: boolean;
let isForbidden: boolean;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  requests = [];
  isTerminated = false;
  isSilent = false;
  isForbidden = false;
  let toWorker: (event: { data: TimerRequest }) => void = () => undefined;
  vi.stubGlobal('addEventListener', (_name: string, listener: typeof toWorker) => (toWorker = listener));
  vi.stubGlobal('postMessage', (id: number) => isSilent || toPage(id));
  toPage = () => undefined;
  await import('./timer-worker.ts');
  vi.stubGlobal(
    'Worker',
    class {
      constructor() {
        if (isForbidden) throw new DOMException('forbidden', 'SecurityError');
      }

      addEventListener(name: string, listener: (event: { data: number; preventDefault: () => void }) => void): void {
        const dispatch = (data: number): void => listener({ data, preventDefault: () => undefined });
        if (name === 'error') {
          failWorker = () => dispatch(0);
          return;
        }
        toPage = dispatch;
        // The worker's own module was loaded before.
        queueMicrotask(() => isSilent || dispatch(0));
      }

      postMessage(request: TimerRequest): void {
        requests.push(request);
        toWorker({ data: request });
      }

      terminate(): void {
        isTerminated = true;
      }
    },
  );
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const createTimers = async () => (await import('./worker-timers.ts')).createWorkerTimers();

test('calls once after a delay', async () => {
  const timers = await createTimers();
  const calls: number[] = [];
  timers.after(100, () => calls.push(1));
  await vi.advanceTimersByTimeAsync(99);
  expect(calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toEqual([1]);
});

test('calls periodically until it is stopped', async () => {
  const timers = await createTimers();
  let calls = 0;
  const stop = timers.every(100, () => (calls += 1));
  await vi.advanceTimersByTimeAsync(350);
  expect(calls).toBe(3);
  stop();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(3);
  expect(requests.at(-1)?.kind).toBe('cancel');
});

test('a cancelled call does not happen, and is cancelled once', async () => {
  const timers = await createTimers();
  let calls = 0;
  const cancel = timers.after(100, () => (calls += 1));
  cancel();
  cancel();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(0);
  expect(requests.filter(({ kind }) => kind === 'cancel')).toHaveLength(1);
});

test('a message that was on its way when the timer was cancelled is ignored', async () => {
  const timers = await createTimers();
  let calls = 0;
  const stop = timers.every(100, () => (calls += 1));
  const id = requests[0]?.id ?? -1;
  stop();
  toPage(id);
  expect(calls).toBe(0);
});

test('timers do not mix up', async () => {
  const timers = await createTimers();
  const calls: string[] = [];
  timers.after(150, () => calls.push('after'));
  const stop = timers.every(100, () => calls.push('every'));
  await vi.advanceTimersByTimeAsync(250);
  stop();
  expect(calls).toEqual(['every', 'after', 'every']);
});

test('nothing is called once they are closed', async () => {
  const timers = await createTimers();
  let calls = 0;
  timers.after(100, () => (calls += 1));
  timers.close();
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toBe(0);
  expect(isTerminated).toBe(true);
});

test('calls that a worker cannot time any more are timed by the page', async () => {
  const timers = await createTimers();
  const calls: string[] = [];
  timers.after(1000, () => calls.push('after'));
  const stop = timers.every(400, () => calls.push('every'));
  timers.after(2000, () => calls.push('cancelled'))();
  await vi.advanceTimersByTimeAsync(500);
  failWorker();
  isSilent = true;
  await vi.advanceTimersByTimeAsync(1000);
  expect(calls).toEqual(['every', 'every', 'every', 'after']);
  timers.after(50, () => calls.push('new'));
  stop();
  await vi.advanceTimersByTimeAsync(5000);
  expect(calls).toEqual(['every', 'every', 'every', 'after', 'new']);
  timers.after(50, () => calls.push('late'));
  timers.close();
  await vi.advanceTimersByTimeAsync(5000);
  expect(calls).toHaveLength(5);
});

test.each(['forbidden', 'silent'])('calls are timed by the page if the worker is %s', async (kind) => {
  isForbidden = kind === 'forbidden';
  isSilent = kind === 'silent';
  const timers = await createTimers();
  let calls = 0;
  timers.every(1000, () => (calls += 1));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(calls).toBeGreaterThan(20);
  timers.close();
});
