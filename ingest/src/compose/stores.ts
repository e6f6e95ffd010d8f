import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { CheckpointStore } from '../analysis/checkpoint-store.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RedisCheckpointStore } from '../analysis/redis-checkpoint-store.ts';
import { createLocalThrottle, createRedisThrottle } from '../rate-limit/throttle.ts';
import type { Throttle } from '../rate-limit/throttle.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';

export interface FrameBackend {
  store: FrameStore;
  checkpoints: CheckpointStore;
  throttle: (name: string, intervalMs: number) => Throttle;
}

/** Redis where there is one, otherwise a file under DATA_DIR and this process alone. */
export const openFrameBackend = (config: Config, log: Logger, now: () => number): FrameBackend => {
  const { redisUrl, dataDir, frameRetentionSeconds, sessionLifetimeSeconds } = config;
  const retention = {
    frameRetentionSeconds,
    streamRetentionSeconds: Math.max(frameRetentionSeconds, sessionLifetimeSeconds),
  };
  if (redisUrl !== null) {
    const client = openFrameRedis(redisUrl, log);
    return {
      store: new RedisFrameStore({ client, ...retention }),
      checkpoints: new RedisCheckpointStore(client, retention.streamRetentionSeconds),
      throttle: (name, intervalMs) => createRedisThrottle(client, name, intervalMs),
    };
  }
  return {
    store: new EmbeddedFrameStore({ file: join(dataDir, 'frames.db'), log, now, ...retention }),
    checkpoints: new EmbeddedCheckpointStore({
      file: join(dataDir, 'analysis.db'),
      retentionSeconds: retention.streamRetentionSeconds,
      log,
      now,
    }),
    throttle: createLocalThrottle,
  };
};
