import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;

/** Milliseconds. Zeros if there was no measurement. */
interface DelayFigures {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export interface EventLoopDelay {
  /** The figures since the last call, or since the start. */
  take(): DelayFigures;
  close(): void;
}

/**
 * Measures how late timers run in this process, every 10 ms.
 *
 * @example
 * const delay = measureEventLoopDelay();
 * await work();
 * console.log(delay.take().p99Ms);
 */
export const measureEventLoopDelay = (): EventLoopDelay => {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs });
  histogram.enable();
  // Node records the time between two timers in nanoseconds, which includes their interval.
  const lateMs = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  return {
    take() {
      const isEmpty = histogram.count === 0;
      const figures = {
        p50Ms: isEmpty ? 0 : lateMs(histogram.percentile(50)),
        p99Ms: isEmpty ? 0 : lateMs(histogram.percentile(99)),
        maxMs: isEmpty ? 0 : lateMs(histogram.max),
      };
      histogram.reset();
      return figures;
    },
    close: () => void histogram.disable(),
  };
};
