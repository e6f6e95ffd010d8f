import { withDeadline } from './deadline.ts';
import { startedId } from './timer-worker-start.ts';
import type { TimerRequest } from './timer-worker.ts';
import type { Timers } from './timers.ts';

/** A worker that has not started by then never will: a content policy or a full memory can prevent it without an event. */
const startTimeoutMs = 30_000;

interface Call {
  kind: 'after' | 'every';
  delayMs: number;
  fromMs: number;
  run: () => void;
  stop: (() => void) | null;
}

/** Starts a call with the page's own timers, which a hidden page slows down. */
const startOnPage = ({ kind, delayMs, fromMs }: Call, fire: () => void): (() => void) => {
  if (kind === 'every') {
    const timer = setInterval(fire, delayMs);
    return () => clearInterval(timer);
  }
  const timer = setTimeout(fire, Math.max(0, fromMs + delayMs - performance.now()));
  return () => clearTimeout(timer);
};

const startWorker = (): Worker | null => {
  try {
    return new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module', name: 'invigil-timer' });
  } catch {
    // Some browsers report a worker that the page forbids here, others with an event.
    return null;
  }
};

/** Timers that are not throttled when the page is hidden. Where workers cannot start, the page's own timers. */
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
  const startHere = (id: number, call: Call): void => void (call.stop = startOnPage(call, () => fire(id)));
  const leaveWorker = (): void => {
    if (worker === null) return;
    worker.terminate();
    worker = null;
    started();
    for (const [id, call] of calls) startHere(id, call);
  };
  const endCalls = (): void => {
    for (const { stop } of calls.values()) stop?.();
    calls.clear();
  };

  worker?.addEventListener('message', ({ data: id }: MessageEvent<number>) => {
    if (id === startedId) started();
    else fire(id);
  });
  worker?.addEventListener('error', (event) => {
    event.preventDefault();
    leaveWorker();
  });
  if (worker !== null)
    withDeadline('the timer worker', startTimeoutMs, new Promise<void>((resolve) => (started = resolve))).catch(
      leaveWorker,
    );

  const begin = (kind: Call['kind'], delayMs: number, run: () => void): (() => void) => {
    const id = ++lastId;
    const call: Call = { kind, delayMs, fromMs: performance.now(), run, stop: null };
    calls.set(id, call);
    if (worker === null) startHere(id, call);
    else post({ id, kind, delayMs });
    return () => {
      if (!calls.delete(id)) return;
      call.stop?.();
      post({ id, kind: 'cancel' });
    };
  };

  return {
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
    after: (delayMs, run) => begin('after', delayMs, run),
    every: (periodMs, run) => begin('every', periodMs, run),
    close: () => {
      started();
      endCalls();
      worker?.terminate();
      worker = null;
    },
  };
};
