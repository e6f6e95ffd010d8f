import type { Logger } from 'pino';
import { withDeadline } from '../time/with-deadline.ts';
import { MetricsCollection } from './metrics-collection.ts';
import type { PrimaryMessage, WorkerMessage } from './worker-message.ts';
import { WorkerWatch } from './worker-watch.ts';

/** One worker process. */
export interface WorkerProcess {
  readonly id: number;
  send(message: PrimaryMessage): void;
  onMessage(listener: (message: WorkerMessage) => void): void;
  onExit(listener: (code: number | null, signal: string | null) => void): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface WorkerPoolOptions {
  count: number;
  fork: () => WorkerProcess;
  log: Logger;
  /** A worker that was asked to stop is killed after this. */
  stopWithinMs: number;
  now: () => number;
}

interface Member {
  worker: WorkerProcess;
  state: 'starting' | 'ready' | 'leaving';
  startedMs: number;
  /** Resolves with whether it became ready. */
  started: Promise<boolean>;
  exited: Promise<void>;
}

/** Includes migrations, and waiting for a database that is starting. */
const startWithinMs = 120_000;
/** A worker that ran this long crashed for a new reason. */
const steadyMs = 60_000;
const firstDelayMs = 500;
const maxDelayMs = 30_000;

/**
 * The primary's workers: restarts those that crash, or hang once they are ready, with increasing delays, and replaces them one at a time. It serves no clients and
 * keeps nothing that would be lost with it.
 */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #members = new Map<number, Member>();
  readonly #collection: MetricsCollection;
  readonly #watch: WorkerWatch;
  #crashes = 0;
  #closing = false;
  #replacing: Promise<void> | null = null;
  #restarts = new Set<NodeJS.Timeout>();

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    const workers = (): WorkerProcess[] => this.#ready().map(({ worker }) => worker);
    this.#collection = new MetricsCollection(workers);
    this.#watch = new WorkerWatch(workers, options.log);
  }

  /** Resolves with whether every worker became ready. If not, the others are stopped. */
  async start(): Promise<boolean> {
    const members = Array.from({ length: this.#options.count }, () => this.#fork());
    const started = await Promise.all(members.map((member) => member.started));
    if (started.every(Boolean)) return true;
    await this.close();
    return false;
  }

  /** Starts a successor for each worker, waits until it is ready, then stops its predecessor. One at a time. */
  replaceAll(): Promise<void> {
    this.#replacing ??= this.#replaceEach().finally(() => (this.#replacing = null));
    return this.#replacing;
  }

  /** Asks all workers to stop, and resolves when they have. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#watch.close();
    for (const timer of this.#restarts) clearTimeout(timer);
    await Promise.all([...this.#members.values()].map((member) => this.#stop(member)));
  }

  #ready(): Member[] {
    return [...this.#members.values()].filter(({ state }) => state === 'ready');
  }

  async #replaceEach(): Promise<void> {
    const { log } = this.#options;
    for (const member of this.#ready()) {
      if (this.#closing) return;
      // It has ended by itself, so its restart is already its successor.
      if (!this.#members.has(member.worker.id)) continue;
      const successor = this.#fork();
      const isReady = await withDeadline(successor.started, startWithinMs, () => false);
      if (!isReady) {
        log.error({ event: 'workers.replacement_failed', worker: successor.worker.id });
        await this.#stop(successor);
        return;
      }
      const hasEnded = !this.#members.has(member.worker.id);
      await this.#stop(hasEnded ? successor : member);
    }
    log.info({ event: 'workers.replaced', workers: this.#ready().map(({ worker }) => worker.id) });
  }

  async #stop(member: Member): Promise<void> {
    member.state = 'leaving';
    member.worker.kill('SIGTERM');
    const kill = setTimeout(() => member.worker.kill('SIGKILL'), this.#options.stopWithinMs);
    await member.exited;
    clearTimeout(kill);
  }

  #fork(): Member {
    const worker = this.#options.fork();
    let onStarted: (isReady: boolean) => void = () => undefined;
    let onExited: () => void = () => undefined;
    const member: Member = {
      worker,
      state: 'starting',
      startedMs: this.#options.now(),
      started: new Promise((resolve) => (onStarted = resolve)),
      exited: new Promise((resolve) => (onExited = resolve)),
    };
    this.#members.set(worker.id, member);
    worker.onMessage((message) => {
      if (message.kind === 'ready' && member.state === 'starting') {
        member.state = 'ready';
        onStarted(true);
      }
      this.#answer(worker, message);
    });
    worker.onExit((code, signal) => {
      this.#members.delete(worker.id);
      this.#collection.gone(worker.id);
      this.#watch.gone(worker.id);
      if (member.state === 'ready') this.#restart(member, code, signal);
      onStarted(false);
      onExited();
    });
    return member;
  }

  #answer(worker: WorkerProcess, message: WorkerMessage): void {
    if (message.kind === 'pong') return this.#watch.answered(worker.id);
    if (message.kind === 'metrics') return this.#collection.received(worker.id, message);
    if (message.kind !== 'ask') return;
    if (message.about === 'metrics') return this.#collection.begin(worker, message.id);
    const ready = this.#ready().map((member) => member.worker.id);
    const unresponsive = ready.filter((id) => this.#watch.isUnresponsive(id));
    const responsive = ready.length - unresponsive.length;
    worker.send({ kind: 'state', id: message.id, ready: responsive, wanted: this.#options.count, unresponsive });
  }

  /** A worker ended by itself. */
  #restart({ worker, startedMs }: Member, code: number | null, signal: string | null): void {
    const { log, now } = this.#options;
    if (this.#closing) return;
    this.#crashes = now() - startedMs > steadyMs ? 0 : this.#crashes + 1;
    const delayMs = Math.min(firstDelayMs * 2 ** Math.max(0, this.#crashes - 1), maxDelayMs);
    log.error({ event: 'worker.ended', worker: worker.id, code, signal, restart_in_ms: delayMs });
    this.#restartIn(delayMs);
  }

  #restartIn(delayMs: number): void {
    const timer = setTimeout(() => {
      this.#restarts.delete(timer);
      const member = this.#fork();
      void member.started.then((isReady) => {
        if (!isReady && !this.#closing && member.state === 'starting') this.#restart(member, null, null);
      });
    }, delayMs);
    this.#restarts.add(timer);
  }
}
