export interface ReconnectPolicy {
  firstDelayMs: number;
  factor: number;
  maxDelayMs: number;
  /** A connection that was ready for longer than this resets the count of attempts. */
  stableAfterMs: number;
}

export const defaultReconnectPolicy: ReconnectPolicy = {
  firstDelayMs: 1000,
  factor: 1.5,
  maxDelayMs: 30_000,
  stableAfterMs: 10_000,
};

/**
 * The delay before attempt number `attempt` (1, 2, …): half of the backoff plus a random part of the other half, so that the
 * clients of a restarted server do not all return at once.
 * @param random 0 to 1.
 */
export const reconnectDelayMs = (
  attempt: number,
  random: number,
  policy: ReconnectPolicy = defaultReconnectPolicy,
): number => {
  const backoffMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * policy.factor ** Math.max(0, attempt - 1));
  return Math.round(backoffMs / 2 + (backoffMs / 2) * random);
};

/** Counts the attempts since the last stable connection. Times are on the steady clock. */
export class ReconnectCounter {
  #attempt = 0;
  #readySinceMs: number | null = null;

  get attempt(): number {
    return this.#attempt;
  }

  begin(): void {
    this.#attempt += 1;
  }

  reset(): void {
    this.#attempt = 0;
  }

  ready(atMs: number): void {
    this.#readySinceMs = atMs;
  }

  /** @returns how long to wait before the next attempt. @param random 0 to 1. */
  lost(atMs: number, random: number, policy: ReconnectPolicy = defaultReconnectPolicy): number {
    if (this.#readySinceMs !== null && atMs - this.#readySinceMs > policy.stableAfterMs) this.#attempt = 0;
    this.#readySinceMs = null;
    return reconnectDelayMs(this.#attempt, random, policy);
  }
}
