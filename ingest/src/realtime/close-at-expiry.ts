import { closeCodes } from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';
import type { Connection } from './connection.ts';

/** The longest delay of a timer. A token that is valid for a month outlives every connection anyway. */
const maxTimerMs = 2 ** 31 - 1;

/** @returns the timer, to be cleared when the connection is closed. */
export const atExpiry = (
  { expiresAtMs }: Principal,
  nowMs: number,
  expired: () => void,
): NodeJS.Timeout | undefined => {
  if (expiresAtMs === null || expiresAtMs - nowMs > maxTimerMs) return undefined;
  return setTimeout(expired, Math.max(0, expiresAtMs - nowMs)).unref();
};

/**
 * A connection does not outlive the token that opened it, nor its user's sign-in. @returns the timer, to be cleared when the connection is
 * closed.
 */
export const closeAtExpiry = (
  connection: Connection,
  principal: Principal,
  nowMs: number,
): NodeJS.Timeout | undefined => {
  // The signal may outlive many connections, so it must not keep them in memory.
  const weak = new WeakRef(connection);
  const { signedOut } = principal;
  // A signal that has aborted already fires no event.
  if (signedOut?.aborted === true) connection.close(closeCodes.tokenExpired);
  else signedOut?.addEventListener('abort', () => weak.deref()?.close(closeCodes.tokenExpired), { once: true });
  return atExpiry(principal, nowMs, () => connection.close(closeCodes.tokenExpired));
};
