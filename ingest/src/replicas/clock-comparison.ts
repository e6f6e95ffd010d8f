import type { Logger } from 'pino';
import type { Bus, Subscription } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { recordBeatMs } from './liveness.ts';

export interface ClockComparisonOptions {
  replicaId: string;
  bus: Bus;
  /** This replica's clock, milliseconds since the Unix epoch. */
  now: () => number;
  /** Called with the largest difference to another replica, milliseconds. */
  onSkew: (skewMs: number) => void;
  log: Logger;
}

/** Messages between replicas take less; a larger difference means that the clocks disagree. */
const tolerableMs = 2000;
/** One entry in the log per replica and hour. */
const logEveryMs = 3_600_000;
/** A replica that has sent nothing for this long no longer counts. */
const forgetAfterMs = 60_000;

interface Peer {
  skewMs: number;
  heardMs: number;
  loggedMs: number;
}

/** Replicas send each other their time, so that clock skew is detected before it affects records and reports. */
export class ClockComparison {
  readonly #options: ClockComparisonOptions;
  readonly #peers = new Map<string, Peer>();
  readonly #subscription: Subscription;
  readonly #timer: NodeJS.Timeout;

  constructor(options: ClockComparisonOptions) {
    const { bus, replicaId, now } = options;
    this.#options = options;
    this.#subscription = bus.subscribe(topics.clocks, [], ({ replica, at_ms: atMs }) => this.#compare(replica, atMs));
    const publish = (): void => bus.publish(topics.clocks, [], { replica: replicaId, at_ms: now() });
    this.#timer = setInterval(publish, recordBeatMs).unref();
    publish();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#subscription.close();
  }

  #compare(replica: string, atMs: number): void {
    const { replicaId, now, onSkew, log } = this.#options;
    if (replica === replicaId) return;
    const nowMs = now();
    const skewMs = atMs - nowMs;
    const loggedMs = this.#peers.get(replica)?.loggedMs ?? -Infinity;
    const isDue = Math.abs(skewMs) > tolerableMs && nowMs - loggedMs >= logEveryMs;
    if (isDue) log.warn({ event: 'clock.skewed', replica, skew_ms: skewMs });
    this.#peers.set(replica, { skewMs, heardMs: nowMs, loggedMs: isDue ? nowMs : loggedMs });
    for (const [id, { heardMs }] of this.#peers) if (nowMs - heardMs > forgetAfterMs) this.#peers.delete(id);
    onSkew(Math.max(...[...this.#peers.values()].map((peer) => Math.abs(peer.skewMs))));
  }
}
