import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { busy } from '../model/ingest-error.ts';
import type { JobCounts } from '../telemetry/scraped-metrics.ts';
import { resultOf } from './job-answer.ts';
import type { JobAnswer } from './job-answer.ts';
import { JobQueue } from './job-queue.ts';
import type { JobQueueLimits } from './job-queue.ts';

/** The exports of a file of jobs, made with `asJob`. */
type Jobs = object;
type DataOf<Job> = Job extends (data: infer Data) => unknown ? Data : never;
type ResultOf<Job> = Job extends (data: never) => Promise<JobAnswer<infer Result>> ? Result : never;

export interface ThreadPoolOptions {
  /** The file of the jobs. */
  file: URL;
  threads: number;
  /** Node's arguments for the threads; null: those of this process. */
  threadArguments: readonly string[] | null;
  limits: Pick<ThreadPoolLimits, 'requests' | 'requestsPerOwner'> & Partial<ThreadPoolLimits>;
}

export interface ThreadPoolLimits extends JobQueueLimits {
  /** The longest time that a request waits for a thread. */
  waitMs: number;
  /** The longest time that a job runs. */
  runMs: number;
  /** An unused thread is stopped after this. */
  idleMs: number;
  /** Memory of a thread's old generation, MiB. */
  memoryMb: number;
}

const defaultLimits: Omit<ThreadPoolLimits, 'requests' | 'requestsPerOwner'> = {
  // An end that finds no room is repeated by the next sweep.
  ends: 100,
  waitMs: 20_000,
  runMs: 120_000,
  idleMs: 30_000,
  // Ten times what a session of three hours at five frames a second needs.
  memoryMb: 512,
};

interface WaitingJob {
  name: string;
  data: unknown;
  /** Null: the server's own work, such as the end of a session. */
  owner: string | null;
  settle: (answer: Promise<JobAnswer<unknown>>) => void;
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

interface Failure {
  error: unknown;
  broken: AbortSignal;
  deadline: AbortSignal;
}

const problemOf = ({ error, broken, deadline }: Failure, { runMs, memoryMb }: ThreadPoolLimits): string => {
  if (broken.aborted) return `could not start: ${String(broken.reason)}`;
  if (deadline.aborted) return `took longer than ${runMs / 1000} s and was stopped`;
  if (isOutOfMemory(error)) return `needs more than ${memoryMb} MiB and was stopped`;
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
};

const shuttingDown = (): Error => busy('the server is shutting down');

/**
 * Runs jobs in threads of their own, so that they do not hold up the event loop. Jobs of session ends come first, and requests never use the
 * last of several threads. The threads start with the first job and stop when they are idle.
 */
export class ThreadPool<All extends Jobs> implements JobCounts {
  readonly #options: ThreadPoolOptions;
  readonly #limits: ThreadPoolLimits;
  readonly #queue: JobQueue<WaitingJob>;
  readonly #running = new Set<WaitingJob>();
  readonly #closing = new AbortController();
  #pool: Promise<Piscina> | null = null;
  /** Aborted when the threads of the current pool cannot start. */
  #broken = new AbortController();

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#queue = new JobQueue(this.#limits);
  }

  /** Jobs that wait. */
  readonly queue = { size: (): number => this.#queue.size, capacity: (): number => this.#queue.capacity };

  get running(): number {
    return this.#running.size;
  }

  /**
   * @param owner who requested the job; null: the server's own work, such as the end of a session
   * @throws IngestError `busy` if too many jobs wait, or the one that the job threw
   */
  async run<Name extends keyof All & string>(
    name: Name,
    data: DataOf<All[Name]>,
    owner: string | null,
  ): Promise<ResultOf<All[Name]>> {
    if (this.#closing.signal.aborted) throw shuttingDown();
    const answer = await new Promise<JobAnswer<unknown>>((settle, reject) => {
      const job: WaitingJob = { name, data, owner, settle };
      if (!this.#queue.add(job, owner)) return reject(busy('too many analyses wait'));
      if (owner !== null) this.#limitWait(job);
      this.#startNext();
    });
    return resultOf(answer) as ResultOf<All[Name]>;
  }

  /** Stops the threads. Jobs that wait or run are rejected with `busy`. */
  async close(): Promise<void> {
    this.#closing.abort();
    for (const job of this.#queue.clear()) job.settle(Promise.reject(shuttingDown()));
    await (await this.#pool)?.destroy();
  }

  #limitWait(job: WaitingJob): void {
    const giveUp = (): void => {
      if (this.#queue.remove(job)) job.settle(Promise.reject(busy('all analysis threads are in use')));
    };
    const timer = setTimeout(giveUp, this.#limits.waitMs).unref();
    const { settle } = job;
    job.settle = (answer) => {
      clearTimeout(timer);
      settle(answer);
    };
  }

  #startNext(): void {
    const { threads } = this.#options;
    while (this.#running.size < threads) {
      const requests = [...this.#running].filter(({ owner }) => owner !== null).length;
      const job = this.#queue.take(requests < Math.max(1, threads - 1));
      if (job === null) return;
      this.#running.add(job);
      const answer = this.#execute(job).finally(() => {
        this.#running.delete(job);
        this.#startNext();
      });
      job.settle(answer);
    }
  }

  async #execute({ name, data }: WaitingJob): Promise<JobAnswer<unknown>> {
    const deadline = AbortSignal.timeout(this.#limits.runMs);
    const { signal: broken } = this.#broken;
    try {
      const pool = await (this.#pool ??= this.#open());
      const signal = AbortSignal.any([deadline, broken, this.#closing.signal]);
      return (await pool.run(data, {
        filename: fileURLToPath(this.#options.file),
        name,
        signal,
      })) as JobAnswer<unknown>;
    } catch (error) {
      if (this.#closing.signal.aborted) throw shuttingDown();
      throw new Error(`the job ${name} ${problemOf({ error, broken, deadline }, this.#limits)}`, { cause: error });
    }
  }

  async #open(): Promise<Piscina> {
    const { threads, threadArguments } = this.#options;
    const { idleMs, memoryMb } = this.#limits;
    // Loaded with the first job: most processes never have one.
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: idleMs,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      recordTiming: false,
      ...(threadArguments === null ? {} : { execArgv: [...threadArguments] }),
    });
    // A thread that could not start, or failed without a job. Its pool would keep the jobs that wait for it forever.
    pool.on('error', (error) => {
      this.#broken.abort(error);
      this.#broken = new AbortController();
      this.#pool = null;
      void pool.destroy();
    });
    return pool;
  }
}
