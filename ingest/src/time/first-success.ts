import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from './with-deadline.ts';

const retryMs = 10;

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
  const repeat = async (): Promise<void> => {
    while (!isOver && !signal.aborted) {
      try {
        return await attempt();
      } catch {
        await delay(retryMs);
      }
    }
  };
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await withDeadline(Promise.race([repeat(), aborted]), limitMs, () => undefined);
  isOver = true;
};
