/** A step longer than this means that the page itself stood still; the rest of it does not count. */
const stepMs = 1000;

type After = (delayMs: number, run: () => void) => () => void;

/**
 * Calls `onExpired` after `limitMs` in which this page ran. Time in which the browser had frozen the page, or the device was asleep,
 * says nothing about the worker. @returns a function that cancels it.
 */
export const startWatchdog = (limitMs: number, after: After, onExpired: () => void): (() => void) => {
  let leftMs = limitMs;
  const step = (): (() => void) => {
    const durationMs = Math.min(stepMs, leftMs);
    return after(durationMs, () => {
      leftMs -= durationMs;
      if (leftMs <= 0) onExpired();
      else cancel = step();
    });
  };
  let cancel = step();
  return () => cancel();
};
