import { extname } from 'node:path';
import { ThreadPool } from '../threads/thread-pool.ts';
import type { JobCounts } from '../telemetry/scraped-metrics.ts';
import type { BlockCodec } from './block-codec.ts';
import type * as blockJobs from './block-jobs.ts';

/** Starting the thread costs as much as some ten blocks, and each student of an exam fills one in about a minute. */
const idleMs = 600_000;

/**
 * Encodes and decodes blocks in a thread of its own, which no analysis can hold up. Passing frames and texts to it costs the main thread a
 * fraction of what compressing and parsing them did.
 */
export const openBlockThreads = (threadArguments: readonly string[] | null): BlockCodec & { jobs: JobCounts } => {
  const pool = new ThreadPool<typeof blockJobs>({
    // `.js` in the build, `.ts` in the sources.
    file: new URL(`./block-jobs${extname(import.meta.url)}`, import.meta.url),
    work: 'blocks',
    threads: 1,
    threadArguments,
    // Each reader waits with one block. After a crash, all sessions of a process may be readers.
    limits: { ends: 5000, requests: 0, requestsPerOwner: 0, idleMs },
  });
  return {
    jobs: pool,
    async encode(block) {
      const { buffer, byteOffset, length } = await pool.run('encode', block, null);
      return Buffer.from(buffer, byteOffset, length);
    },
    decode: (body) => pool.run('decode', body, null),
    close: () => pool.close(),
  };
};
