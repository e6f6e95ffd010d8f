import { withDeadline } from '../redis/with-deadline.ts';
import type { FrameRedis } from '../redis/redis-client.ts';
import type { Throttle } from './throttle.ts';

/** For all replicas on one Redis. */
export class RedisThrottle implements Throttle {
  readonly #client: FrameRedis;
  readonly #name: string;
  readonly #intervalMs: number;

  constructor(client: FrameRedis, name: string, intervalMs: number) {
    this.#client = client;
    this.#name = name;
    this.#intervalMs = intervalMs;
  }

  async take(key: string): Promise<number | null> {
    const redisKey = `throttle:${this.#name}:${key}`;
    return withDeadline(async () => {
      const taken = await this.#client.set(redisKey, '1', { NX: true, PX: this.#intervalMs });
      if (taken !== null) return null;
      return Math.max(1, await this.#client.pTTL(redisKey));
    });
  }
}
