import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import type { CheckpointStore } from '../analysis/checkpoint-store.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RedisCheckpointStore } from '../analysis/redis-checkpoint-store.ts';
import { createLocalThrottle, createRedisThrottle } from '../rate-limit/throttle.ts';
import type { Throttle } from '../rate-limit/throttle.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { clusterFrameKeys, frameKeys } from '../frames/frame-keys.ts';
import { openFrameCluster, openFrameRedis } from '../frames/frame-redis.ts';
import type { FrameNode } from '../frames/frame-redis.ts';
import { isDumpFile } from '../dump/frames-dump.ts';
import type { HotFrameStore } from '../frames/hot-frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';
import { ReplicatedWrites } from '../frames/replicated-writes.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { IngestError } from '../model/ingest-error.ts';
import { acceptedRedisNodes, isCluster } from '../redis/redis-nodes.ts';
import type { RedisNodes } from '../redis/redis-nodes.ts';
import { hasRows, isDamaged, moveAside } from '../sqlite/damage.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';

/** Creates a limit of one call per `intervalMs` and key, which all users of the same Redis share. */
type CreateThrottle = (name: string, intervalMs: number) => Throttle;

export interface FrameStores {
  /** The newest frames; `composeArchive` adds the older ones. */
  hotFrames: HotFrameStore;
  /** `RunningAnalysis` closes it. */
  checkpoints: CheckpointStore;
  createThrottle: CreateThrottle;
}

export interface Stores extends FrameStores {
  database: RecordsDatabase;
}

/**
 * Time to repair an archive that is unavailable, or a server that is down or cannot end its sessions, before frames expire. If the stream of a session expired, its archived frames could not be assigned any more.
 */
const repairSeconds = 14 * 86_400;

interface Retention {
  frameRetentionSeconds: number;
  streamRetentionSeconds: number;
}

/** A connection to a single Redis or a cluster, and where it has a key. */
const connect = (nodes: RedisNodes, log: Logger) => {
  if (isCluster(nodes)) {
    const client = openFrameCluster(nodes, log);
    const nodeOf = (key: string): Promise<FrameNode> => client.getNodeClientForKey(key);
    let epoch = 0;
    client.on('node-ready', () => (epoch += 1));
    return { client, nodeOf, keys: clusterFrameKeys, epoch: () => epoch };
  }
  const client = openFrameRedis(nodes[0], log);
  let epoch = 0;
  client.on('ready', () => (epoch += 1));
  return { client, nodeOf: async (): Promise<FrameNode> => client, keys: frameKeys, epoch: () => epoch };
};

const openRedisStores = (nodes: RedisNodes, replicas: number, retention: Retention, log: Logger): FrameStores => {
  const { client, nodeOf, keys, epoch } = connect(nodes, log);
  const locate = (key: string): Promise<unknown> => client.exists(key);
  const replicated = replicas === 0 ? null : new ReplicatedWrites({ replicas, nodeOf, locate });
  return {
    hotFrames: new RedisFrameStore({ client, keys, replicated, epoch, ...retention }),
    checkpoints: new RedisCheckpointStore(client, retention.streamRetentionSeconds, keys),
    createThrottle: (name, intervalMs) => createRedisThrottle(client, name, intervalMs),
  };
};

/** Redis if configured, otherwise files in DATA_DIR and limits for this process alone. */
const openFrameStores = (config: Config, log: Logger, now: () => number): FrameStores => {
  const { redisUrl, redisWaitReplicas, dataDir, frameRetentionSeconds, sessionLifetimeSeconds } = config;
  // Frames are removed when they are in the archive or their session has ended. Expiry only removes what neither reached.
  const expirySeconds = Math.max(frameRetentionSeconds, sessionLifetimeSeconds) + repairSeconds;
  const retention = { frameRetentionSeconds: expirySeconds, streamRetentionSeconds: expirySeconds };
  if (redisUrl !== null) return openRedisStores(acceptedRedisNodes(redisUrl), redisWaitReplicas, retention, log);
  const checkpointFile = join(dataDir, 'analysis.db');
  if (isDamaged(checkpointFile)) {
    // It only saves reading the frames again.
    log.warn({ event: 'checkpoints.moved_aside', file: moveAside(checkpointFile, now()) });
  }
  return {
    hotFrames: new EmbeddedFrameStore({ file: wholeFile(join(dataDir, 'frames.db')), log, now, ...retention }),
    checkpoints: new EmbeddedCheckpointStore({
      file: checkpointFile,
      retentionSeconds: retention.streamRetentionSeconds,
      log,
      now,
    }),
    createThrottle: (_name, intervalMs) => createLocalThrottle(intervalMs),
  };
};

/** @throws IngestError `bad_config` for a damaged file: it holds data that exists nowhere else */
const wholeFile = (file: string): string => {
  const other = ['', '-wal', '-shm'].find((suffix) => isNoFile(file + suffix));
  if (other !== undefined) throw new IngestError('bad_config', `${file}${other} is not a file; move it away`);
  if (!isDamaged(file)) return file;
  throw new IngestError(
    'bad_config',
    `${file} is damaged; restore it and its -wal file from a backup, or move them away to start without their data`,
  );
};

/** Whether the path exists but is not a file, for example a directory created by a container mount. */
const isNoFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === false;

/**
 * @throws IngestError `bad_config` if the records are damaged, or do not know any session although there are dumps of sessions: the file was
 * removed, emptied or replaced, or lost the log that held its content
 */
const recordsFile = ({ dataDir, dumpDir }: Config): string => {
  const file = wholeFile(join(dataDir, 'records.db'));
  const dumps = existsSync(dumpDir) ? readdirSync(dumpDir).filter(isDumpFile) : [];
  if (dumps.length === 0 || hasRows(file, 'sessions')) return file;
  throw new IngestError(
    'bad_config',
    `${file} ${existsSync(file) ? 'knows no session' : 'is missing'}, but DUMP_DIR (${dumpDir}) holds ${dumps.length} dumps of earlier sessions; ` +
      'restore it and its -wal file from a backup, or move the dumps away to start without records of those sessions',
  );
};

/** @param onFailed called for each failed operation */
export const openRecords = (config: Config, onFailed: (error: unknown) => void): RecordsDatabase =>
  new RecordsDatabase(
    config.databaseUrl === null
      ? { kind: 'sqlite', file: recordsFile(config) }
      : { kind: 'postgres', url: config.databaseUrl },
    onFailed,
  );

/** Opens the records (Postgres if configured, otherwise SQLite in DATA_DIR) and the frame stores. Connects lazily. */
export const openStores = (config: Config, log: Logger, outages: OutageLog, now: () => number): Stores => ({
  database: openRecords(config, (error) => outages.warn({ event: 'records.failed', error })),
  ...openFrameStores(config, log, now),
});
