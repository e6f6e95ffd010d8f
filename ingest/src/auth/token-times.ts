import type { JWTPayload } from 'jose';

/** How far the clocks of this server and of a token's issuer may differ. */
export const clockToleranceSeconds = 10;

/**
 * When connections opened with the token must close, milliseconds since the Unix epoch; null for a token that does not expire. A token that
 * expired within the tolerance is still accepted; its connections close when the tolerance ends.
 */
export const expiryOf = ({ exp }: JWTPayload, nowMs: number): number | null => {
  if (exp === undefined) return null;
  return exp * 1000 > nowMs ? exp * 1000 : (exp + clockToleranceSeconds) * 1000;
};

export const hasExpired = ({ exp }: JWTPayload, nowMs: number): boolean =>
  exp !== undefined && (exp + clockToleranceSeconds) * 1000 <= nowMs;
