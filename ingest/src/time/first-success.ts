import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from './with-deadline.ts';

/** Between two attempts; doubled up to the second number. */
const [firstRetryMs, mostRetryMs] = [10, 250];

/**
 * Repeats an attempt until it succeeds, for at most `limitMs` or until the signal aborts, and never rejects.
 *
 * @example await firstSuccess(() => frames.check(), 2000, signal); // the store has answered, or two seconds have passed
 */
export const firstSuccess = async (
  attempt: () => Promise<void>,
  limitMs: number,
  signal: AbortSignal,
): Promise<void> => {
  let isOver = false;
  let retryMs = firstRetryMs;
  const repeat = async (): Promise<void> => {
    while (!isOver && !signal.aborted) {
      try {
        return await attempt();
      } catch {
        await delay(retryMs);
        retryMs = Math.min(2 * retryMs, mostRetryMs);
      }
    }
  };
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await withDeadline(Promise.race([repeat(), aborted]), limitMs, () => undefined);
  isOver = true;
};
