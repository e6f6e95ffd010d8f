/** A device's clock that is ahead of the monotonic clock by more than this has jumped: it was set, or the device slept. */
export const leapMs = 2000;

/**
 * Wall-clock times that always rise. When the device's clock is set back, time continues from the last moment by the monotonic
 * clock. A jump forward is accepted, because a device that slept makes the same jump, and reported in `hasLeapt`.
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

  /** Added to the device's clock. */
  get correctionMs(): number {
    return this.#correctionMs;
  }

  /** The device's clock has jumped forward since the last `correct`. */
  get hasLeapt(): boolean {
    return this.#hasLeapt;
  }

  /** @param wallMs Unix epoch. @param monotonicMs any origin. */
  at(wallMs: number, monotonicMs: number): number {
    const elapsedMs = Math.max(1, monotonicMs - this.#lastMonotonicMs);
    const aheadMs = wallMs + this.#correctionMs - this.#lastMs;
    if (aheadMs <= 0) this.#correctionMs = this.#lastMs + elapsedMs - wallMs;
    // The first call has no earlier moment of this page load to compare with.
    else if (this.#isRunning && aheadMs - elapsedMs > leapMs) this.#hasLeapt = true;
    this.#isRunning = true;
    this.#lastMs = wallMs + this.#correctionMs;
    this.#lastMonotonicMs = monotonicMs;
    return this.#lastMs;
  }

  /** @param byMs added to all later times. @param lastByMs by how much the last time was changed after the fact. */
  correct(byMs: number, lastByMs: number): void {
    this.#correctionMs += byMs;
    this.#lastMs += lastByMs;
    this.#hasLeapt = false;
  }
}
