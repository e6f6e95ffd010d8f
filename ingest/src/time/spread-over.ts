import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from './monotonic-time.ts';

export interface SpreadOptions {
  /** The last item begins before this has passed, unless earlier ones take longer. */
  overMs: number;
  /** Items in work at the same time. */
  concurrency: number;
  /** Ends all waiting: the rest of the items begin as soon as `concurrency` allows. */
  signal: AbortSignal;
}

/**
 * Works through items evenly over a time instead of all at once, so that other work of the event loop waits for few of them. Resolves when all
 * are done. @param work must not reject
 */
export const spreadOver = async <Item>(
  items: readonly Item[],
  { overMs, concurrency, signal }: SpreadOptions,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const fromMs = monotonicMs();
  const running = new Set<Promise<void>>();
  for (const [at, item] of items.entries()) {
    const waitMs = fromMs + (overMs * at) / items.length - monotonicMs();
    if (waitMs > 0 && !signal.aborted) await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (running.size >= concurrency) await Promise.race(running);
    const done = work(item).finally(() => running.delete(done));
    running.add(done);
  }
  await Promise.all(running);
};
