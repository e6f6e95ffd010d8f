import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 5;

/** Measures the delay of this thread's event loop, which answers wait for before they can be measured. */
export const watchOwnDelay = (): { reset(): void; p99Ms(): number } => {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  return {
    reset: () => histogram.reset(),
    // Node records the time between two ticks, which includes the interval itself.
    p99Ms: () => Math.max(0, histogram.percentile(99) / 1e6 - resolutionMs),
  };
};

/** Time that a process's main thread was ready to run but waited for a processor, milliseconds; null where the system does not report it. */
export const processorWaitMs = async (pid: number): Promise<number | null> => {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => null);
  const nanoseconds = Number(text?.split(' ')[1]);
  return Number.isFinite(nanoseconds) ? nanoseconds / 1e6 : null;
};
