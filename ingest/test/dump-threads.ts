import { sourceArguments } from '@invigil/testkit/source-arguments';
import { openDumpThreads } from '../src/dump/dump-threads.ts';
import { systemActors } from '../src/model/system-actor.ts';
import type { ThreadPoolLimits } from '../src/threads/thread-pool.ts';

/** A thread that runs the jobs from their sources; it starts with the first job. */
export const testThreads = (limits: Partial<ThreadPoolLimits> = {}) =>
  openDumpThreads({
    work: 'analyses',
    threads: 1,
    threadArguments: sourceArguments,
    limits: { requests: 20, requestsPerOwner: 4, sharedOwner: systemActors.report, ...limits },
  });
