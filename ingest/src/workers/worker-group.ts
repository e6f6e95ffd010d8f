import { AggregatorRegistry } from 'prom-client';
import type { Registry } from 'prom-client';
import { busUnavailable } from '../model/ingest-error.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { readTotals } from './metric-totals.ts';
import type { PrimaryMessage, WorkerMessage, WorkerMetrics } from './worker-message.ts';

/** The channel to the primary: a cluster worker's `process`. */
export interface PrimaryChannel {
  send(message: WorkerMessage, onSent?: () => void): void;
  receive(listener: (message: PrimaryMessage) => void): void;
}

type Answer = Exclude<PrimaryMessage, { kind: 'ping' | 'collect' }>;

const answerWithinMs = 2000;

/** A worker's view of all workers that share its port. */
export class WorkerGroup {
  /** This worker's number; a replacement gets a new one. */
  readonly id: number;
  readonly #channel: PrimaryChannel;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #registry: Registry | null = null;
  #lastId = 0;

  constructor(id: number, channel: PrimaryChannel) {
    this.id = id;
    this.#channel = channel;
    channel.receive((message) => {
      if (message.kind === 'ping') channel.send({ kind: 'pong' });
      else if (message.kind === 'collect') void this.#sendMetrics(message.id);
      else this.#asked.get(message.id)?.(message);
    });
  }

  /** From now on the other workers' scrapes include this worker's metrics. */
  share(registry: Registry): void {
    this.#registry = registry;
  }

  /** This worker accepts clients. */
  ready(): void {
    this.#channel.send({ kind: 'ready' });
  }

  /** Rejects unless every worker is ready and responds. */
  async check(): Promise<void> {
    const answer = await this.#ask('state');
    if (answer.kind !== 'state' || answer.ready >= answer.wanted) return;
    const ready = `${answer.ready} of ${answer.wanted} workers are ready`;
    const { unresponsive } = answer;
    throw busUnavailable(unresponsive.length === 0 ? ready : `${ready}, not responding: ${unresponsive.join(', ')}`);
  }

  /** The metrics of all workers, aggregated: counters and histograms are summed, see each gauge for its own rule. */
  async metrics(): Promise<string> {
    const answer = await this.#ask('metrics');
    const all = answer.kind === 'collected' ? answer.metrics : [];
    return await AggregatorRegistry.aggregate(all).metrics();
  }

  /** Sends this worker's last counters and histograms to the primary, before it stops. */
  async leave(): Promise<void> {
    const metrics = this.#registry === null ? [] : await readTotals(this.#registry).catch(() => []);
    const sent = new Promise<void>((resolve) => this.#channel.send({ kind: 'metrics', id: null, metrics }, resolve));
    await withDeadline(sent, answerWithinMs, () => undefined);
  }

  async #sendMetrics(id: number): Promise<void> {
    // Metrics that cannot be read are left out of this scrape; they must not end the worker.
    const read = await this.#registry?.getMetricsAsJSON().catch(() => []);
    const metrics = (read ?? []) as WorkerMetrics;
    this.#channel.send({ kind: 'metrics', id, metrics });
  }

  async #ask(about: 'state' | 'metrics'): Promise<Answer> {
    const id = (this.#lastId += 1);
    const answered = new Promise<Answer>((resolve) => this.#asked.set(id, resolve));
    try {
      this.#channel.send({ kind: 'ask', id, about });
      return await withDeadline(answered, answerWithinMs, () => {
        throw busUnavailable('the primary process does not answer');
      });
    } finally {
      this.#asked.delete(id);
    }
  }
}
