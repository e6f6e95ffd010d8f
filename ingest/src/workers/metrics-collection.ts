import { addTotals, totalsOf } from './metric-totals.ts';
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
  answers: Map<number, WorkerMetrics>;
  timer: NodeJS.Timeout;
}

/** A worker that does not answer in time counts with its last known counters and histograms. */
const answerWithinMs = 1000;

/**
 * Asks every worker for its metrics on behalf of the worker that was scraped. Keeps the counters and histograms of workers that
 * are stopping or have ended, so that the sums never fall.
 */
export class MetricsCollection {
  readonly #workers: () => readonly Asked[];
  readonly #running = new Map<number, Collection>();
  /** The last known counters and histograms of each worker that has not ended. */
  readonly #known = new Map<number, WorkerMetrics>();
  /** The sums over all workers that have ended. */
  #ended: WorkerMetrics = [];
  #lastId = 0;

  constructor(workers: () => readonly Asked[]) {
    this.#workers = workers;
  }

  begin(from: Asked, question: number): void {
    const id = (this.#lastId += 1);
    const workers = this.#workers();
    const timer = setTimeout(() => this.#finish(id), answerWithinMs);
    const missing = new Set(workers.map((worker) => worker.id));
    this.#running.set(id, { from, question, missing, answers: new Map(), timer });
    for (const worker of workers) worker.send({ kind: 'collect', id });
    this.#finishIfComplete(id);
  }

  received(workerId: number, { id, metrics }: Extract<WorkerMessage, { kind: 'metrics' }>): void {
    // A worker whose metrics cannot be read sends none.
    if (metrics.length > 0) this.#known.set(workerId, totalsOf(metrics));
    const collection = id === null ? undefined : this.#running.get(id);
    if (id === null || collection?.missing.delete(workerId) !== true) return;
    if (metrics.length > 0) collection.answers.set(workerId, metrics);
    this.#finishIfComplete(id);
  }

  /** The worker has ended and will not answer. */
  gone(workerId: number): void {
    this.#ended = addTotals(this.#ended, this.#known.get(workerId) ?? []);
    this.#known.delete(workerId);
    for (const [id, { missing, answers }] of this.#running) {
      answers.delete(workerId);
      if (missing.delete(workerId)) this.#finishIfComplete(id);
    }
  }

  #finishIfComplete(id: number): void {
    if (this.#running.get(id)?.missing.size === 0) this.#finish(id);
  }

  #finish(id: number): void {
    const collection = this.#running.get(id);
    if (collection === undefined) return;
    this.#running.delete(id);
    clearTimeout(collection.timer);
    const { from, question, answers } = collection;
    const others = [...this.#known].filter(([workerId]) => !answers.has(workerId)).map(([, totals]) => totals);
    from.send({ kind: 'collected', id: question, metrics: [...answers.values(), ...others, this.#ended] });
  }
}
