import { closeCodes } from '@invigil/protocol/channels';
import type { Principal } from '../model/principal.ts';
import type { Connection } from './connection.ts';

/** The longest delay of a timer, in whole seconds. A token that is valid for a month outlives every connection anyway. */
const maxTimerMs = Math.floor((2 ** 31 - 1) / 1000) * 1000;

/** Calls `expired` at most a second after the token has expired. @returns the timer, to be cleared when the connection is closed. */
export const atExpiry = (
  { expiresAtMs }: Principal,
  nowMs: number,
  expired: () => void,
): NodeJS.Timeout | undefined => {
  if (expiresAtMs === null || expiresAtMs - nowMs > maxTimerMs) return undefined;
  // In whole seconds, because Node keeps a list of timers for each delay, and a crowd would have one for each millisecond.
  const delayS = Math.max(0, Math.ceil((expiresAtMs - nowMs) / 1000));
  return setTimeout(expired, delayS * 1000).unref();
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
  if (principal.signedOut !== undefined) closeAtSignOut(connection, principal.signedOut);
  return atExpiry(principal, nowMs, () => connection.close(closeCodes.tokenExpired));
};

const closeAtSignOut = (connection: Connection, signedOut: AbortSignal): void => {
  // A signal that has aborted already fires no event.
  if (signedOut.aborted) return connection.close(closeCodes.tokenExpired);
  // The signal may outlive many connections, so it must not keep them in memory.
  const weak = new WeakRef(connection);
  signedOut.addEventListener('abort', () => weak.deref()?.close(closeCodes.tokenExpired), { once: true });
};
