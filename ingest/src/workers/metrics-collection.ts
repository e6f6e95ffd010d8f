import type { PrimaryMessage, WorkerMessage, WorkerMetrics } from './worker-message.ts';

interface Asked {
  readonly id: number;
  send(message: PrimaryMessage): void;
}

interface Collection {
  from: Asked;
  /** The id of the question. */
  question: number;
  missing: Set<number>;
  metrics: WorkerMetrics[];
  timer: NodeJS.Timeout;
}

/** A worker that does not answer in time is left out. */
const answerWithinMs = 1000;

/** Asks every worker for its metrics on behalf of the worker that was scraped. */
export class MetricsCollection {
  readonly #workers: () => readonly Asked[];
  readonly #running = new Map<number, Collection>();
  #lastId = 0;

  constructor(workers: () => readonly Asked[]) {
    this.#workers = workers;
  }

  begin(from: Asked, question: number): void {
    const id = (this.#lastId += 1);
    const workers = this.#workers();
    const timer = setTimeout(() => this.#finish(id), answerWithinMs);
    this.#running.set(id, { from, question, missing: new Set(workers.map((worker) => worker.id)), metrics: [], timer });
    for (const worker of workers) worker.send({ kind: 'collect', id });
    this.#finishIfComplete(id);
  }

  received(workerId: number, { id, metrics }: Extract<WorkerMessage, { kind: 'metrics' }>): void {
    const collection = this.#running.get(id);
    if (collection?.missing.delete(workerId) !== true) return;
    collection.metrics.push(metrics);
    this.#finishIfComplete(id);
  }

  /** The worker has ended and will not answer. */
  gone(workerId: number): void {
    for (const [id, { missing }] of this.#running) if (missing.delete(workerId)) this.#finishIfComplete(id);
  }

  #finishIfComplete(id: number): void {
    if (this.#running.get(id)?.missing.size === 0) this.#finish(id);
  }

  #finish(id: number): void {
    const collection = this.#running.get(id);
    if (collection === undefined) return;
    this.#running.delete(id);
    clearTimeout(collection.timer);
    const { from, question, metrics } = collection;
    from.send({ kind: 'collected', id: question, metrics });
  }
}
