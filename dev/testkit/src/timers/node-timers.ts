import type { Timers } from '@invigil/engine/testing/delivery';

/** The engine's timers under Node. `close` cancels those that are pending. */
export const createNodeTimers = (): Timers => {
  const cancels = new Set<() => void>();
  const begin = (cancel: () => void): (() => void) => {
    cancels.add(cancel);
    return () => {
      cancels.delete(cancel);
      cancel();
    };
  };
  return {
    nowMs: () => Date.now(),
    steadyMs: () => performance.now(),
    after: (delayMs, run) => {
      const timer = setTimeout(run, delayMs);
      return begin(() => clearTimeout(timer));
    },
    every: (periodMs, run) => {
      const timer = setInterval(run, periodMs);
      return begin(() => clearInterval(timer));
    },
    close: () => {
      for (const cancel of cancels) cancel();
      cancels.clear();
    },
  };
};
