/** A device's clock that runs ahead of the monotonic one by more than this has leapt: it was set, or the device slept. */
export const leapMs = 2000;

/**
 * Wall-clock times that always rise: where the device's clock is set back, it goes on from the last moment by the
 * monotonic clock. A leap forward is taken as it comes, because a device that slept makes the same one, and is noted.
 */
export class RisingClock {
  #lastMs: number;
  #lastMonotonicMs: number;
  #correctionMs = 0;
  #isRunning = false;
  #hasLeapt = false;

  constructor(lastMs: number, monotonicMs: number) {
    this.#lastMs = lastMs;
    this.#lastMonotonicMs = monotonicMs;
  }

  /** What is added to the device's clock. */
  get correctionMs(): number {
    return this.#correctionMs;
  }

  /** The device's clock leapt forward since `correct`, and nobody has said yet whether that is so. */
  get hasLeapt(): boolean {
    return this.#hasLeapt;
  }

  /** @param wallMs milliseconds since the Unix epoch. @param monotonicMs any origin. */
  at(wallMs: number, monotonicMs: number): number {
    const elapsedMs = Math.max(1, monotonicMs - this.#lastMonotonicMs);
    const aheadMs = wallMs + this.#correctionMs - this.#lastMs;
    if (aheadMs <= 0) this.#correctionMs = this.#lastMs + elapsedMs - wallMs;
    // Before the first moment there was another page, or none.
    else if (this.#isRunning && aheadMs - elapsedMs > leapMs) this.#hasLeapt = true;
    this.#isRunning = true;
    this.#lastMs = wallMs + this.#correctionMs;
    this.#lastMonotonicMs = monotonicMs;
    return this.#lastMs;
  }

  /** Somebody knows better. @param byMs what is added from here on. @param lastByMs what was added to the last moment afterwards. */
  correct(byMs: number, lastByMs: number): void {
    this.#correctionMs += byMs;
    this.#lastMs += lastByMs;
    this.#hasLeapt = false;
  }
}
