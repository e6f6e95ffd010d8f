export interface ReconnectPolicy {
  firstDelayMs: number;
  factor: number;
  maxDelayMs: number;
  /** A connection that lasted so long starts the count anew. */
  stableAfterMs: number;
}

export const reconnectPolicy: ReconnectPolicy = {
  firstDelayMs: 1000,
  factor: 1.5,
  maxDelayMs: 30_000,
  stableAfterMs: 10_000,
};

/**
 * How long to wait before attempt number `attempt` (1, 2, …): half of the backoff for sure, the other half by chance, so that
 * a thousand clients of a server that was restarted come back spread out.
 * @param random 0 to 1.
 */
export const reconnectDelayMs = (
  attempt: number,
  random: number,
  policy: ReconnectPolicy = reconnectPolicy,
): number => {
  const backoffMs = Math.min(policy.maxDelayMs, policy.firstDelayMs * policy.factor ** Math.max(0, attempt - 1));
  return Math.round(backoffMs / 2 + (backoffMs / 2) * random);
};
