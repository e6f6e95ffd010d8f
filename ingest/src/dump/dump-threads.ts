import { extname } from 'node:path';
import { ThreadPool } from '../threads/thread-pool.ts';
import type { ThreadPoolOptions } from '../threads/thread-pool.ts';
import type * as dumpJobs from './dump-jobs.ts';

/** Threads that read and analyse dumps. */
export type DumpThreads = Pick<ThreadPool<typeof dumpJobs>, 'run'>;

/** @returns a pool whose threads start with its first job */
export const openDumpThreads = (options: Omit<ThreadPoolOptions, 'file'>): ThreadPool<typeof dumpJobs> =>
  // `.js` in the build, `.ts` in the sources.
  new ThreadPool({ ...options, file: new URL(`./dump-jobs${extname(import.meta.url)}`, import.meta.url) });
