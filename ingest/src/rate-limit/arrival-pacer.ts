import { LRUCache } from 'lru-cache';
import { TokenBucket } from './token-bucket.ts';

export interface ArrivalPacerOptions {
  now: () => number;
  onError: (error: unknown) => void;
}

/** One arrival and one departure are announced immediately; after that, changes are gathered: one message every two seconds. */
const burst = 2;
const perSecond = 0.5;
/** How long changes are gathered at least. */
const gatherMs = 1000;
const maxKept = 50_000;
/** Longer than a bucket takes to refill, so forgetting one changes nothing. */
const keptMs = 60_000;

/**
 * Limits how often one person's arrivals and departures are announced, so that one who keeps reconnecting does not
 * flood everyone else. Excess changes are gathered: after a pause, the state at that time is announced in one message.
 */
export class ArrivalPacer {
  readonly #options: ArrivalPacerOptions;
  readonly #buckets: LRUCache<string, TokenBucket>;
  readonly #held = new Map<
    string,
    { timer: NodeJS.Timeout; bucket: TokenBucket; announceState: () => Promise<void> }
  >();

  constructor(options: ArrivalPacerOptions) {
    this.#options = options;
    const { now } = options;
    this.#buckets = new LRUCache({ max: maxKept, ttl: keptMs, ttlResolution: 0, updateAgeOnGet: true, perf: { now } });
  }

  /**
   * @param announce announces this change
   * @param announceState reads whether the person is present now, and announces that
   */
  changed(key: string, announce: () => void, announceState: () => Promise<void>): void {
    if (this.#held.has(key)) return;
    const nowMs = this.#options.now();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, (bucket = new TokenBucket(perSecond, burst, nowMs)));
    if (bucket.take(1, nowMs)) return announce();
    const timer = setTimeout(() => void this.#release(key), Math.max(gatherMs, bucket.waitMs(1))).unref();
    this.#held.set(key, { timer, bucket, announceState });
  }

  /** Announces held changes. */
  async flush(): Promise<void> {
    await Promise.all([...this.#held.keys()].map((key) => this.#release(key)));
  }

  async #release(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (held === undefined) return;
    clearTimeout(held.timer);
    this.#held.delete(key);
    held.bucket.take(1, this.#options.now());
    await held.announceState().catch(this.#options.onError);
  }
}
