import { isMainThread, threadId } from 'node:worker_threads';
import { IngestError } from '../src/model/ingest-error.ts';
import { asJob } from '../src/threads/job-answer.ts';

// Jobs for the tests of the thread pool.

export const where = asJob(async () => ({ isMainThread, threadId }));

/** Sets the gate's second number, then runs until the main thread sets the first one and notifies it. */
export const hold = asJob(async ({ gate, name }: { gate: SharedArrayBuffer; name: string }) => {
  const state = new Int32Array(gate);
  Atomics.store(state, 1, 1);
  Atomics.wait(state, 0, 0);
  return name;
});

export const refuse = asJob(async () => {
  throw new IngestError('not_a_dump', 'no dump', new Error('a cause'));
});

export const fail = asJob(async () => {
  throw new TypeError('broken');
});

export const exhaustMemory = asJob(async () => {
  const all: number[][] = [];
  for (;;) all.push(Array.from({ length: 10_000 }, (_, at) => at + 0.5));
});

export const exitProcess = asJob(async () => process.exit(7));
