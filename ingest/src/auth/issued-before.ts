import type { Principal } from '../model/principal.ts';
import { clockToleranceSeconds } from './token-times.ts';

/** Assumed lifetime of a token that does not state when it was issued. */
const assumedLifetimeMs = 24 * 60 * 60 * 1000;

/** Whether the token may have been issued before that time, within the tolerance for its issuer's clock. */
export const isIssuedBefore = (
  { issuedAtMs, expiresAtMs }: Pick<Principal, 'issuedAtMs' | 'expiresAtMs'>,
  atMs: number,
): boolean => {
  const sinceMs = issuedAtMs ?? (expiresAtMs === null ? -Infinity : expiresAtMs - assumedLifetimeMs);
  return sinceMs <= atMs + clockToleranceSeconds * 1000;
};
