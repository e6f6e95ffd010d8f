/**
 * Wall-clock times that always rise: where the device's clock is set back, it goes on from the last moment by the
 * monotonic clock. A forward jump is taken as it comes, because a device that slept makes the same one.
 */
export class RisingClock {
  #lastMs: number;
  #lastMonotonicMs: number;
  #correctionMs = 0;

  constructor(lastMs: number, monotonicMs: number) {
    this.#lastMs = lastMs;
    this.#lastMonotonicMs = monotonicMs;
  }

  /** What was added to the device's clock so far because it was set back. */
  get correctionMs(): number {
    return this.#correctionMs;
  }

  /** @param wallMs milliseconds since the Unix epoch. @param monotonicMs any origin. */
  at(wallMs: number, monotonicMs: number): number {
    const elapsedMs = Math.max(1, monotonicMs - this.#lastMonotonicMs);
    if (wallMs + this.#correctionMs <= this.#lastMs) this.#correctionMs = this.#lastMs + elapsedMs - wallMs;
    this.#lastMs = wallMs + this.#correctionMs;
    this.#lastMonotonicMs = monotonicMs;
    return this.#lastMs;
  }
}
