import { releaseProxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { PerceptionError } from './perception-error.ts';
import type { PerceptionWorkerApi } from './perception-worker.ts';

/** A worker and its pending calls. */
export interface RunningWorker {
  worker: Worker;
  remote: Remote<PerceptionWorkerApi>;
  /** Rejects all pending calls. */
  lose: (error: PerceptionError) => void;
  lost: Promise<never>;
  reads: number;
  stopped: boolean;
}

/** @param onCrash called when the worker cannot continue. */
export const startWorker = (
  worker: Worker,
  onCrash: (running: RunningWorker, message: string) => void,
): RunningWorker => {
  let lose: (error: PerceptionError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  // No call may be pending when a worker is lost between two readings.
  lost.catch(() => {});
  const running: RunningWorker = {
    worker,
    remote: wrap<PerceptionWorkerApi>(worker),
    lose,
    lost,
    reads: 0,
    stopped: false,
  };
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    onCrash(running, event.message || 'The worker could not be started.');
  });
  worker.addEventListener('messageerror', () => onCrash(running, 'The worker sent a message that cannot be parsed.'));
  return running;
};

/** Ends a worker once; pending calls are rejected. */
export const stopWorker = (running: RunningWorker, error: PerceptionError): void => {
  if (running.stopped) return;
  running.stopped = true;
  running.lose(error);
  running.remote[releaseProxy]();
  running.worker.terminate();
};
