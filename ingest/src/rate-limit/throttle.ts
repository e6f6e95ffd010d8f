/** Lets one through in a while, for each key. */
export interface Throttle {
  /** Null when it may go on; otherwise how long to wait, milliseconds. */
  take(key: string): Promise<number | null>;
}

/** For one process. Remembers only what is still waiting. */
export class LocalThrottle implements Throttle {
  readonly #intervalMs: number;
  readonly #now: () => number;
  /** In the order of their time, because every key waits equally long. */
  readonly #lastMs = new Map<string, number>();

  constructor(intervalMs: number, now: () => number) {
    this.#intervalMs = intervalMs;
    this.#now = now;
  }

  async take(key: string): Promise<number | null> {
    const nowMs = this.#now();
    for (const [old, atMs] of this.#lastMs) {
      if (nowMs - atMs < this.#intervalMs) break;
      this.#lastMs.delete(old);
    }
    const lastMs = this.#lastMs.get(key);
    if (lastMs !== undefined) return this.#intervalMs - (nowMs - lastMs);
    this.#lastMs.set(key, nowMs);
    return null;
  }
}
