/**
 * Allows `burst` at once and `perSecond` on average. One per connection, used for each message: synchronous and without
 * a timer, unlike the limiters of `rate-limiter-flexible`, which `Throttle` uses per session. Time is a parameter.
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #atMs: number;

  constructor(perSecond: number, burst: number, nowMs: number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#atMs = nowMs;
  }

  /** Takes `amount` if that much is available. */
  take(amount: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.#atMs);
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#perSecond);
    this.#atMs = nowMs;
    if (this.#tokens < amount) return false;
    this.#tokens -= amount;
    return true;
  }

  /** Returns `amount` that was taken and not used. */
  giveBack(amount: number): void {
    this.#tokens = Math.min(this.#burst, this.#tokens + amount);
  }

  /** Time until `amount` is available, in milliseconds. */
  waitMs(amount: number): number {
    return Math.max(0, Math.ceil(((amount - this.#tokens) / this.#perSecond) * 1000));
  }
}
