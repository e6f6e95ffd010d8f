import { releaseProxy, wrap } from 'comlink';
import type { Remote } from 'comlink';
import type { PerceptionError } from './perception-error.ts';
import type { PerceptionWorkerApi } from './perception-worker.ts';

/** A worker and the calls that wait for it. */
export interface RunningWorker {
  worker: Worker;
  remote: Remote<PerceptionWorkerApi>;
  /** Rejects everything that waits for this worker. */
  lose: (error: PerceptionError) => void;
  lost: Promise<never>;
  reads: number;
  stopped: boolean;
}

/** @param onCrash when the worker cannot go on. */
export const startWorker = (
  worker: Worker,
  onCrash: (running: RunningWorker, message: string) => void,
): RunningWorker => {
  let lose: (error: PerceptionError) => void = () => {};
  const lost = new Promise<never>((_, reject) => {
    lose = reject;
  });
  // Nobody may be waiting when a worker is lost between two readings.
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
  worker.addEventListener('messageerror', () => onCrash(running, 'The worker sent a message that cannot be read.'));
  return running;
};

/** Ends a worker once; what waits for it is rejected. */
export const stopWorker = (running: RunningWorker, error: PerceptionError): void => {
  if (running.stopped) return;
  running.stopped = true;
  running.lose(error);
  running.remote[releaseProxy]();
  running.worker.terminate();
};
