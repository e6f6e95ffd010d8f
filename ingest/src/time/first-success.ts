import { setTimeout as delay } from 'node:timers/promises';
import { withDeadline } from './with-deadline.ts';

const retryMs = 10;

/**
 * Repeats an attempt until it succeeds, for at most `limitMs`, and never rejects.
 *
 * @example await firstSuccess(() => frames.check(), 2000); // the store has answered, or two seconds have passed
 */
export const firstSuccess = async (attempt: () => Promise<void>, limitMs: number): Promise<void> => {
  let isOver = false;
  const repeat = async (): Promise<void> => {
    while (!isOver) {
      try {
        return await attempt();
      } catch {
        await delay(retryMs);
      }
    }
  };
  await withDeadline(repeat(), limitMs, () => undefined);
  isOver = true;
};
