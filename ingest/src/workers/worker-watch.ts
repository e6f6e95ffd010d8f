import type { Logger } from 'pino';
import type { PrimaryMessage } from './worker-message.ts';

interface Watched {
  readonly id: number;
  send(message: PrimaryMessage): void;
  kill(signal: 'SIGKILL'): void;
}

const pingEveryMs = 2000;
/** Unanswered pings after which a worker is reported: 6 s. */
const reportAfter = 3;
/** Unanswered pings after which a worker is killed: 30 s. A debugger or a heap snapshot may block a healthy worker for longer. */
const killAfter = 15;

/**
 * Pings the workers, and kills those that hang. Counts pings, not time: while this process is suspended together with its workers, for
 * example because the machine sleeps, it sends none.
 */
export class WorkerWatch {
  readonly #workers: () => readonly Watched[];
  readonly #log: Logger;
  readonly #unanswered = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(workers: () => readonly Watched[], log: Logger) {
    this.#workers = workers;
    this.#log = log;
    this.#timer = setInterval(() => this.#pingAll(), pingEveryMs);
  }

  isUnresponsive(workerId: number): boolean {
    return this.#unansweredBy(workerId) >= reportAfter;
  }

  answered(workerId: number): void {
    if (this.isUnresponsive(workerId)) this.#log.info({ event: 'worker.responsive', worker: workerId });
    this.#unanswered.delete(workerId);
  }

  gone(workerId: number): void {
    this.#unanswered.delete(workerId);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #unansweredBy(workerId: number): number {
    // The latest ping still has time.
    return (this.#unanswered.get(workerId) ?? 1) - 1;
  }

  #pingAll(): void {
    for (const worker of this.#workers()) {
      const count = (this.#unanswered.get(worker.id) ?? 0) + 1;
      this.#unanswered.set(worker.id, count);
      const unanswered = this.#unansweredBy(worker.id);
      if (unanswered === reportAfter) {
        const killInMs = (killAfter - reportAfter) * pingEveryMs;
        this.#log.error({ event: 'worker.unresponsive', worker: worker.id, kill_in_ms: killInMs });
      }
      if (unanswered >= killAfter) worker.kill('SIGKILL');
      else worker.send({ kind: 'ping' });
    }
  }
}
