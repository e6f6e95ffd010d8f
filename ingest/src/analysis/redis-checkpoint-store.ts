import { withCommandDeadline } from '../redis/command-deadline.ts';
import { frameKeys } from '../frames/frame-keys.ts';
import type { FrameKeys } from '../frames/frame-keys.ts';
import type { Redis } from '../redis/redis-client.ts';
import type { Checkpoint, CheckpointStore, KeptCheckpoint } from './checkpoint-store.ts';

/** Compare and set: replicas that fold the same session must not overwrite each other. */
const saveScript = `
local kept = tonumber(redis.call('HGET', KEYS[1], 'revision') or '0')
if kept ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'revision', kept + 1, 'json', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
`;

/**
 * Checkpoints beside the frames in Redis (`frames_analysis:{session_id}`), for any number of replicas. Uses the frame store's client; the
 * frame store closes it.
 */
export class RedisCheckpointStore implements CheckpointStore {
  readonly #redis: Redis;
  readonly #retentionSeconds: number;
  readonly #keys: FrameKeys;

  constructor(redis: Redis, retentionSeconds: number, keys: FrameKeys = frameKeys) {
    this.#redis = redis;
    this.#retentionSeconds = retentionSeconds;
    this.#keys = keys;
  }

  load(sessionId: string): Promise<KeptCheckpoint | null> {
    return withCommandDeadline(async () => {
      const [revision, json] = await this.#redis.hmGet(this.#keys.analysis(sessionId), ['revision', 'json']);
      if (revision == null || json == null) return null;
      return { revision: Number(revision), checkpoint: JSON.parse(json) as Checkpoint };
    });
  }

  save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<boolean> {
    return withCommandDeadline(async () => {
      const saved = await this.#redis.eval(saveScript, {
        keys: [this.#keys.analysis(sessionId)],
        arguments: [String(revision), JSON.stringify(checkpoint), String(this.#retentionSeconds)],
      });
      return saved === 1;
    });
  }

  async clear(sessionId: string): Promise<void> {
    await withCommandDeadline(() => this.#redis.del(this.#keys.analysis(sessionId)));
  }

  async close(): Promise<void> {}
}
