import { withDeadline } from './deadline.ts';
import type { TimerRequest } from './timer-worker.ts';
import type { Timers } from './timers.ts';

/** A worker that has not started by then never will: a content policy or a full memory can prevent it without an event. */
const startTimeoutMs = 30_000;

interface Call {
  kind: 'after' | 'every';
  delayMs: number;
  run: () => void;
  /** Of the page's own timer. */
  timer?: ReturnType<typeof setTimeout>;
}

const startWorker = (): Worker | null => {
  try {
    return new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module', name: 'invigil-timer' });
  } catch {
    // Some browsers report a worker that the page forbids here, others with an event.
    return null;
  }
};

/**
 * Timers that are not throttled when the page is hidden. Where workers cannot start, the page's own timers, which are; calls that had
 * already been made begin again then.
 */
export const createWorkerTimers = (): Timers => {
  let worker = startWorker();
  const calls = new Map<number, Call>();
  let lastId = 0;
  let started: () => void = () => undefined;
  const post = (request: TimerRequest): void => worker?.postMessage(request);

  const fire = (id: number): void => {
    const call = calls.get(id);
    if (call?.kind === 'after') calls.delete(id);
    call?.run();
  };
  const startOnPage = (id: number, call: Call): void => {
    call.timer = (call.kind === 'every' ? setInterval : setTimeout)(() => fire(id), call.delayMs);
  };
  const leaveWorker = (): void => {
    started();
    if (worker === null) return;
    worker.terminate();
    worker = null;
    for (const [id, call] of calls) startOnPage(id, call);
  };

  worker?.addEventListener('message', ({ data: id }: MessageEvent<number>) => {
    started();
    fire(id);
  });
  worker?.addEventListener('error', (event) => {
    event.preventDefault();
    leaveWorker();
  });
  // Without a worker, nothing is left to do at the deadline.
  const hasStarted = new Promise<void>((resolve) => (started = resolve));
  withDeadline('timer', startTimeoutMs, hasStarted).catch(leaveWorker);

  const begin = (kind: Call['kind'], delayMs: number, run: () => void): (() => void) => {
    const id = ++lastId;
    const call: Call = { kind, delayMs, run };
    calls.set(id, call);
    if (worker === null) startOnPage(id, call);
    post({ id, kind, delayMs });
    return () => {
      if (!calls.delete(id)) return;
      clearTimeout(call.timer);
      post({ id, kind: 'cancel' });
    };
  };

  return {
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
    after: (delayMs, run) => begin('after', delayMs, run),
    every: (periodMs, run) => begin('every', periodMs, run),
    close: () => {
      for (const { timer } of calls.values()) clearTimeout(timer);
      calls.clear();
      leaveWorker();
    },
  };
};
