import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TimerRequest } from './timer-worker.ts';

/** The page's and the worker's side, each with the other's messages, as between a page and a real worker. */
let toPage: (id: number) => void;
let requests: TimerRequest[];
let isTerminated: boolean;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  requests = [];
  isTerminated = false;
  let toWorker: (event: { data: TimerRequest }) => void = () => undefined;
  vi.stubGlobal('addEventListener', (_name: string, listener: typeof toWorker) => (toWorker = listener));
  vi.stubGlobal('postMessage', (id: number) => toPage(id));
  await import('./timer-worker.ts');
  vi.stubGlobal(
    'Worker',
    class {
      addEventListener(_name: string, listener: (event: { data: number }) => void): void {
        toPage = (data) => listener({ data });
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
