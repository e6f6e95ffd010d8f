import { fileURLToPath } from 'node:url';
import type { Piscina } from 'piscina';
import { busy } from '../model/ingest-error.ts';
import type { JobCounts } from '../telemetry/scraped-metrics.ts';
import { resultOf } from './job-answer.ts';
import type { JobAnswer } from './job-answer.ts';
import { JobQueue } from './job-queue.ts';
import type { JobQueueLimits } from './job-queue.ts';
import { ThreadFailure } from './thread-failure.ts';

/** The exports of a file of jobs, made with `asJob`. */
type Jobs = object;
type DataOf<Job> = Job extends (data: infer Data) => unknown ? Data : never;
type ResultOf<Job> = Job extends (data: never) => Promise<JobAnswer<infer Result>> ? Result : never;

export interface ThreadPoolOptions {
  /** The name of the work in errors, in the plural. */
  work: string;
  /** The file of the jobs. */
  file: URL;
  /** How many jobs run at the same time; one end more while requests use all threads. */
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
  // An end refused by a full queue is repeated by the next sweep.
  ends: 100,
  sharedOwner: null,
  waitMs: 20_000,
  runMs: 120_000,
  idleMs: 30_000,
  // Ten times what a session of three hours at five frames a second needs.
  memoryMb: 512,
};

interface QueuedJob {
  name: string;
  data: unknown;
  /** Null: the server's own work, such as the end of a session. */
  owner: string | null;
  settle: (answer: Promise<JobAnswer<unknown>>) => void;
  /** Stops the job once it runs. The reason is the error that it is rejected with. */
  stop: AbortController;
}

/** Threads that were started together. They are replaced when one of them cannot start. */
interface Threads {
  pool: Promise<Piscina>;
}

const isOutOfMemory = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';

const shuttingDown = (): Error => busy('the server is shutting down');

/**
 * Runs jobs in threads of their own, so that they do not hold up the event loop. Jobs of session ends come first, and one of them has a thread
 * of its own while requests use all the others. The threads start with the first job and stop when they are idle.
 */
export class ThreadPool<All extends Jobs> implements JobCounts {
  readonly #options: ThreadPoolOptions;
  readonly #limits: ThreadPoolLimits;
  readonly #queue: JobQueue<QueuedJob>;
  readonly #running = new Set<QueuedJob>();
  #threads: Threads | null = null;
  /** Resolves when all threads that were replaced have stopped. */
  #stopped: Promise<unknown> = Promise.resolve();
  #isClosing = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#queue = new JobQueue(this.#limits);
  }

  /** Jobs not yet started. */
  readonly queue = { size: (): number => this.#queue.size, capacity: (): number => this.#queue.capacity };

  get running(): number {
    return this.#running.size;
  }

  /**
   * @param owner who requested the job; null: the server's own work, such as the end of a session
   * @throws IngestError `busy` if too many jobs wait, or the one that the job threw
   * @throws ThreadFailure if the thread could not start, ended or was stopped
   */
  async run<Name extends keyof All & string>(
    name: Name,
    data: DataOf<All[Name]>,
    owner: string | null,
  ): Promise<ResultOf<All[Name]>> {
    if (this.#isClosing) throw shuttingDown();
    const answer = await new Promise<JobAnswer<unknown>>((settle) => {
      const job: QueuedJob = { name, data, owner, settle, stop: new AbortController() };
      const refused = this.#queue.add(job, owner);
      refused?.settle(Promise.reject(busy(`too many ${this.#options.work} are already queued`)));
      if (refused === job) return;
      if (owner !== null) this.#limitWait(job);
      this.#startNext();
    });
    return resultOf(name, answer) as ResultOf<All[Name]>;
  }

  /** Stops the threads. Jobs that wait or run are rejected with `busy`. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const job of this.#queue.clear()) job.settle(Promise.reject(shuttingDown()));
    for (const job of this.#running) job.stop.abort(shuttingDown());
    this.#stopThreads();
    await this.#stopped;
  }

  #limitWait(job: QueuedJob): void {
    const giveUp = (): void => {
      if (this.#queue.remove(job)) job.settle(Promise.reject(busy(`all threads for ${this.#options.work} are busy`)));
    };
    const timer = setTimeout(giveUp, this.#limits.waitMs).unref();
    const { settle } = job;
    job.settle = (answer) => {
      clearTimeout(timer);
      settle(answer);
    };
  }

  #startNext(): void {
    for (;;) {
      const isFree = this.#running.size < this.#options.threads;
      if (!isFree && [...this.#running].some(({ owner }) => owner === null)) return;
      const job = this.#queue.take(isFree);
      if (job === null) return;
      this.#running.add(job);
      const answer = this.#execute(job).finally(() => {
        this.#running.delete(job);
        this.#startNext();
      });
      job.settle(answer);
    }
  }

  async #execute({ name, data, stop }: QueuedJob): Promise<JobAnswer<unknown>> {
    const { runMs } = this.#limits;
    const deadline = setTimeout(
      () => stop.abort(new ThreadFailure(name, `took longer than ${runMs / 1000} s and was stopped`)),
      runMs,
    ).unref();
    try {
      const pool = await (this.#threads ??= this.#open()).pool.catch((cause: unknown) => {
        throw new ThreadFailure(name, `could not start: ${String(cause)}`, { cause, isTemporary: true });
      });
      const filename = fileURLToPath(this.#options.file);
      return (await pool.run(data, { filename, name, signal: stop.signal })) as JobAnswer<unknown>;
    } catch (error) {
      stop.signal.throwIfAborted();
      if (error instanceof ThreadFailure) throw error;
      throw new ThreadFailure(name, this.#problemOf(error), { cause: error });
    } finally {
      clearTimeout(deadline);
    }
  }

  #problemOf(error: unknown): string {
    if (isOutOfMemory(error)) return `needs more than ${this.#limits.memoryMb} MiB and was stopped`;
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }

  #open(): Threads {
    const threads: Threads = { pool: this.#createPool((error) => this.#onThreadError(threads, error)) };
    threads.pool.catch(() => {
      if (this.#threads === threads) this.#threads = null;
    });
    return threads;
  }

  async #createPool(onError: (error: unknown) => void): Promise<Piscina> {
    const { threads, threadArguments } = this.#options;
    const { idleMs, memoryMb } = this.#limits;
    // Loaded with the first job: most processes never have one.
    const { Piscina } = await import('piscina');
    const pool = new Piscina({
      minThreads: 0,
      maxThreads: threads + 1,
      idleTimeout: idleMs,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
      recordTiming: false,
      ...(threadArguments === null ? {} : { execArgv: [...threadArguments] }),
    });
    return pool.on('error', onError);
  }

  /** A thread could not start, or failed without a job. Piscina would keep the jobs that wait for it forever. */
  #onThreadError(threads: Threads, error: unknown): void {
    // Others of the threads that were replaced may fail later.
    if (this.#threads !== threads) return;
    this.#stopThreads();
    for (const { name, stop } of this.#running) {
      const problem = `could not start: ${String(error)}`;
      stop.abort(new ThreadFailure(name, problem, { cause: error, isTemporary: true }));
    }
  }

  #stopThreads(): void {
    const stopped = this.#threads?.pool.then(
      (pool) => pool.destroy(),
      () => undefined,
    );
    this.#threads = null;
    this.#stopped = Promise.all([this.#stopped, stopped]);
  }
}
