import type { Logger } from 'pino';
import { ArchivedFrameStore } from '../archive/archived-frame-store.ts';
import { openBlockThreads } from '../archive/block-threads.ts';
import { BucketArchive } from '../archive/bucket-archive.ts';
import { BucketClient } from '../archive/bucket-client.ts';
import { FolderArchive } from '../archive/folder-archive.ts';
import type { FrameArchive } from '../archive/frame-archive.ts';
import { FrameArchiver } from '../archive/frame-archiver.ts';
import { RecordsArchive } from '../archive/records-archive.ts';
import type { Config } from '../config.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { RecordsDatabase } from '../records/records-database.ts';
import { FrameLossRecords } from '../records/frame-loss-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import type { JobCounts } from '../telemetry/scraped-metrics.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { OutageLog } from '../telemetry/outage-log.ts';
import type { Stores } from './stores.ts';

export interface ArchivePart {
  /** The frames in the store and the archive. */
  frames: FrameStore;
  archive: FrameArchive;
  archiver: FrameArchiver;
  blockJobs: JobCounts;
}

/** A bucket or a folder if configured, otherwise the database of the records. */
const openArchive = ({ frameArchiveBucket, frameArchiveDir }: Config, database: RecordsDatabase): FrameArchive => {
  if (frameArchiveBucket !== null) {
    return new BucketArchive(new BucketClient(frameArchiveBucket), frameArchiveBucket.prefix);
  }
  return frameArchiveDir === null ? new RecordsArchive(database) : new FolderArchive(frameArchiveDir);
};

/** Sessions archived at the same time while Redis has the frames. */
const remoteConcurrency = 4;
/** While `frames.db` has them. One block is compressed while another waits for the disk or a service. */
const localConcurrency = 2;

export interface ArchiveOptions {
  config: Config;
  stores: Stores;
  replicaId: string;
  metrics: IngestMetrics;
  outages: OutageLog;
  log: Logger;
  now: () => number;
}

/** Frames leave the frame store as they age. */
export const composeArchive = ({
  config,
  stores,
  replicaId,
  metrics,
  outages,
  log,
  now,
}: ArchiveOptions): ArchivePart => {
  const archive = openArchive(config, stores.database);
  const codec = openBlockThreads(config.threadArguments);
  const sessions = new SessionRecords(stores.database);
  const losses = new FrameLossRecords(stores.database);
  const archiver = new FrameArchiver({
    store: stores.hotFrames,
    archive,
    codec,
    owner: replicaId,
    retentionMs: config.frameRetentionSeconds * 1000,
    openSessions: (after, limit) => sessions.openIds(after, limit),
    withFrames: (sessionIds) => sessions.withFrames(sessionIds),
    concurrency: config.redisUrl === null ? localConcurrency : remoteConcurrency,
    random: Math.random,
    onArchived(frames, bytes) {
      metrics.framesArchived.inc(frames);
      metrics.archivedBytes.inc(bytes);
    },
    onFailed(error) {
      metrics.archiveFailures.inc();
      outages.warn({ event: 'archive.failed', error });
    },
    async onForked(sessionId, frames) {
      log.error({ event: 'frames.lost', session_id: sessionId, frames });
      await losses.saveReplaced(sessionId, frames);
    },
    log,
    now,
  });
  metrics.watchArchive(() => archiver.lagMs());
  const frames = new ArchivedFrameStore({
    hot: stores.hotFrames,
    archive,
    codec,
    onStored: (sessionId) => archiver.stored(sessionId),
    recorded: {
      async find(sessionId) {
        const known = await losses.find(sessionId);
        if (known === null) return { frames: 0, mayHaveBlocks: false };
        // The archiver leaves frames in the store for half of this time at least.
        const mayHaveBlocks = Date.parse(known.startedAt) <= now() - (config.frameRetentionSeconds * 1000) / 2;
        return { frames: known.frames, mayHaveBlocks };
      },
      async lost(sessionId, before, left) {
        log.error({ event: 'frames.lost', session_id: sessionId, frames: before - left.frames });
        await losses.saveLost(sessionId, before, left);
      },
    },
  });
  return { frames, archive, archiver, blockJobs: codec.jobs };
};
