import { setTimeout as delay } from 'node:timers/promises';
import { monotonicMs } from '../time/monotonic-time.ts';

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Few enough for SQLite, which allows 32,766 values in a statement. */
const most = 500;
const defaultCrowdWaitMs = 25;
/** Operations in that time before a crowd is assumed. */
const freeOperations = 2;
/** After waits that gathered only one item: calls are sequential, so waiting again would only add latency. */
const notAgainMs = 1000;

export interface GatheredOptions {
  /** While a crowd asks, an item waits for others at most this long (default 25 ms). */
  crowdWaitMs?: number;
  wait?: (ms: number) => Promise<unknown>;
}

/**
 * Batches calls made in the same event-loop turn; under load, batches calls made within 25 ms: a thousand students who connect together cost
 * a few queries instead of several for each student. Otherwise an item waits for the end of the turn only.
 *
 * @example
 * const rows = new Gathered((ids: readonly string[]) => readRows(ids)); // one result for each id, in their order
 * const row = await rows.add('a');
 */
export class Gathered<Item, Result> {
  readonly #work: (items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #crowdWaitMs: number;
  readonly #wait: (ms: number) => Promise<unknown>;
  #waiting: Waiting<Item, Result>[] = [];
  /** When the current time of `crowdWaitMs` began, and how many operations began since. */
  #crowdFromMs = -Infinity;
  #operations = 0;
  #noWaitUntilMs = -Infinity;
  /** Whether the last wait gathered several items: after it, one wait with a single item counts as a gap in the crowd. */
  #hasGathered = false;

  /** @param work returns a result for each item, in their order */
  constructor(
    work: (items: readonly Item[]) => Promise<readonly Result[]>,
    { crowdWaitMs = defaultCrowdWaitMs, wait = delay }: GatheredOptions = {},
  ) {
    this.#work = work;
    this.#crowdWaitMs = crowdWaitMs;
    this.#wait = wait;
  }

  /** Rejects if the operation that includes the item fails. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (this.#waiting.length > 1) return;
      const waitMs = this.#waitMs();
      if (waitMs <= 0) setImmediate(() => this.#runWaiting(false));
      else void this.#wait(waitMs).then(() => this.#runWaiting(true));
    });
  }

  #waitMs(): number {
    const nowMs = monotonicMs();
    if (this.#operations < freeOperations || nowMs < this.#noWaitUntilMs) return 0;
    return this.#crowdFromMs + this.#crowdWaitMs - nowMs;
  }

  #runWaiting(hasWaited: boolean): void {
    const nowMs = monotonicMs();
    if (nowMs - this.#crowdFromMs >= this.#crowdWaitMs) [this.#crowdFromMs, this.#operations] = [nowMs, 0];
    this.#operations += 1;
    const all = this.#waiting;
    this.#waiting = [];
    if (hasWaited) this.#noteWait(all.length > 1, nowMs);
    for (let from = 0; from < all.length; from += most) void this.#run(all.slice(from, from + most));
  }

  #noteWait(hasGathered: boolean, nowMs: number): void {
    if (!hasGathered && !this.#hasGathered) this.#noWaitUntilMs = nowMs + notAgainMs;
    this.#hasGathered = hasGathered;
  }

  async #run(waiting: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#work(waiting.map(({ item }) => item));
      for (const [at, { resolve }] of waiting.entries()) resolve(results[at]!);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
