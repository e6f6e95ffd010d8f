import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { withCommandDeadline } from '../redis/command-deadline.ts';
import type { Redis } from '../redis/redis-client.ts';

/** Allows one request per key and interval. */
export interface Throttle {
  /** Null if the request may go ahead, otherwise the time until the next one may, in milliseconds. */
  take(key: string): Promise<number | null>;
}

const limitOf = (name: string, intervalMs: number) => ({
  keyPrefix: `throttle:${name}`,
  points: 1,
  duration: intervalMs / 1000,
});

const waitMsOf = async (consumed: Promise<RateLimiterRes>): Promise<number | null> => {
  try {
    await consumed;
    return null;
  } catch (refused) {
    if (refused instanceof RateLimiterRes) return Math.max(1, refused.msBeforeNext);
    throw refused;
  }
};

/** For one process. */
export const createLocalThrottle = (name: string, intervalMs: number): Throttle => {
  const limiter = new RateLimiterMemory(limitOf(name, intervalMs));
  return { take: (key) => waitMsOf(limiter.consume(key)) };
};

/**
 * For all replicas on one Redis. Rejects with `frame_store_unavailable` while Redis does not answer.
 * @param intervalMs whole seconds: the limiter's keys expire by the second
 */
export const createRedisThrottle = (client: Redis, name: string, intervalMs: number): Throttle => {
  const limiter = new RateLimiterRedis({ ...limitOf(name, intervalMs), storeClient: client, useRedisPackage: true });
  return { take: (key) => withCommandDeadline(() => waitMsOf(limiter.consume(key))) };
};
