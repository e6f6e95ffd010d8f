import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { withCommandDeadline } from '../redis/command-deadline.ts';
import type { Redis } from '../redis/redis-client.ts';
import { monotonicMs } from '../time/monotonic-time.ts';

/** Allows one request per key and interval. */
export interface Throttle {
  /** Null if the request may go ahead, otherwise the time until the next one may, in milliseconds. */
  take(key: string): Promise<number | null>;
}

const maxKeys = 100_000;

/** For one process. Uses the monotonic clock: if the wall clock were set back, everybody would be locked out until it caught up. */
export const createLocalThrottle = (intervalMs: number, nowMs: () => number = monotonicMs): Throttle => {
  const freeAt = new LRUCache<string, number>({ max: maxKeys });
  return {
    async take(key) {
      const waitMs = (freeAt.get(key) ?? 0) - nowMs();
      if (waitMs > 0) return Math.ceil(waitMs);
      freeAt.set(key, nowMs() + intervalMs);
      return null;
    },
  };
};

const waitMsOf = async (consumed: Promise<RateLimiterRes>): Promise<number | null> => {
  try {
    await consumed;
    return null;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
    throw refused;
  }
};

/**
 * For all replicas that share one Redis; uses Redis's clock. Rejects with `frame_store_unavailable` while Redis does not answer.
 * @param intervalMs whole seconds: the limiter's keys expire by the second
 */
export const createRedisThrottle = (client: Redis, name: string, intervalMs: number): Throttle => {
  const limiter = new RateLimiterRedis({
    keyPrefix: `throttle:${name}`,
    points: 1,
    duration: intervalMs / 1000,
    storeClient: client,
    useRedisPackage: true,
  });
  // Keys contain personal ids, and a key may outlive the erasure of its person.
  const hashOf = (key: string): string => createHash('sha256').update(key).digest('base64url');
  return { take: (key) => withCommandDeadline(() => waitMsOf(limiter.consume(hashOf(key)))) };
};
