import type { TimerRequest } from './timer-worker.ts';
import type { Timers } from './timers.ts';

/** Timers that are not throttled when the page is hidden. */
export const createWorkerTimers = (): Timers => {
  const worker = new Worker(new URL('./timer-worker.ts', import.meta.url), { type: 'module', name: 'invigil-timer' });
  const calls = new Map<number, { run: () => void; once: boolean }>();
  let lastId = 0;
  const post = (request: TimerRequest): void => worker.postMessage(request);

  worker.addEventListener('message', ({ data: id }: MessageEvent<number>) => {
    const call = calls.get(id);
    if (call?.once) calls.delete(id);
    call?.run();
  });

  const begin = (kind: 'after' | 'every', delayMs: number, run: () => void): (() => void) => {
    const id = ++lastId;
    calls.set(id, { run, once: kind === 'after' });
    post({ id, kind, delayMs });
    return () => {
      if (calls.delete(id)) post({ id, kind: 'cancel' });
    };
  };

  return {
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
    after: (delayMs, run) => begin('after', delayMs, run),
    every: (periodMs, run) => begin('every', periodMs, run),
    close: () => {
      calls.clear();
      worker.terminate();
    },
  };
};
