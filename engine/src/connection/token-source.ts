import { withDeadline } from '../timing/deadline.ts';

/** A token, or a function that returns one; the function is called for each connection attempt. */
export type TokenSource = string | (() => Promise<string>);

/** A token is renewed at a random moment between half of this and all of it before it expires. */
const refreshWindowMs = 60_000;

/** When a JSON Web Token expires, milliseconds since the Unix epoch; null if it has no expiry or is no JWT. */
export const tokenExpiryMs = (token: string): number | null => {
  const payload = token.split('.')[1];
  if (payload === undefined) return null;
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')));
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return null;
    return typeof claims.exp === 'number' ? claims.exp * 1000 : null;
  } catch {
    return null;
  }
};

/** Time limit for the page's function. */
const tokenTimeoutMs = 10_000;

/** The token for one connection attempt. Rejects if the page's function rejects or does not answer. */
export const askToken = async (source: TokenSource | undefined): Promise<string | null> =>
  typeof source === 'function' ? await withDeadline('the token function', tokenTimeoutMs, source()) : (source ?? null);

/**
 * When to reconnect with a new token, milliseconds from now; null if the source provides no new ones. @param random 0
 * to 1.
 */
export const tokenRefreshDelayMs = (
  source: TokenSource | undefined,
  token: string | null,
  nowMs: number,
  random: number,
): number | null => {
  const expiresMs = token === null || typeof source !== 'function' ? null : tokenExpiryMs(token);
  if (expiresMs === null) return null;
  const leftMs = expiresMs - nowMs;
  // A short-lived token is used for at least half of its life.
  return Math.max(leftMs / 2, leftMs - refreshWindowMs * (0.5 + random / 2));
};

/** A source that also remembers the last token, for the unload, when there is no time to call the function. */
export const rememberToken = (
  source: TokenSource | undefined,
): { source: TokenSource | undefined; last: () => string | null } => {
  if (typeof source !== 'function') return { source, last: () => source ?? null };
  let last: string | null = null;
  return { source: async () => (last = await source()), last: () => last };
};
