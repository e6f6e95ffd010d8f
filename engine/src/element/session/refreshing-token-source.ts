import { tokenExpiryMs } from '../../connection/token-source.ts';
import type { TokenSource } from '../../connection/token-source.ts';

/** A token that expires sooner counts as expired: the connection would close almost at once. */
const leastLeftMs = 5000;

/**
 * Reads the page's current token at each connection attempt, so that the page can set a new one at any time.
 * @param onExpired the token has expired, and the page should set another. The attempt rejects, and is repeated later.
 */
export const refreshingTokenSource =
  (current: () => TokenSource | null, nowMs: () => number, onExpired: () => void): (() => Promise<string>) =>
  async () => {
    const source = current();
    const token = typeof source === 'function' ? await source() : source;
    if (token === null || token === '') throw new Error('the token is missing');
    const expiryMs = tokenExpiryMs(token);
    if (expiryMs === null || expiryMs - nowMs() > leastLeftMs) return token;
    onExpired();
    // The page may have set a new one right away.
    const renewed = current();
    if (typeof renewed === 'string' && renewed !== '' && renewed !== token) return renewed;
    throw new Error('the token has expired');
  };
