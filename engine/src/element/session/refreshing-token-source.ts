import { tokenExpiryMs } from '../../connection/token-source.ts';
import type { TokenSource } from '../../connection/token-source.ts';

/** A token that runs out sooner is as good as run out: a connection would hardly be open before. */
const leastLeftMs = 5000;

/**
 * Asks for the page's present token at each connection attempt, so that the page can give a new one at any time.
 * @param onExpired the token has run out, and the page should give another. The attempt rejects, and is made again later.
 */
export const refreshingTokenSource =
  (current: () => TokenSource | null, nowMs: () => number, onExpired: () => void): (() => Promise<string>) =>
  async () => {
    const source = current();
    const token = typeof source === 'function' ? await source() : source;
    if (token === null || token === '') throw new Error('there is no token');
    const expiryMs = tokenExpiryMs(token);
    if (expiryMs === null || expiryMs - nowMs() > leastLeftMs) return token;
    onExpired();
    // The page may have answered with a new one at once.
    const renewed = current();
    if (typeof renewed === 'string' && renewed !== '' && renewed !== token) return renewed;
    throw new Error('the token has run out');
  };
