import { LRUCache } from 'lru-cache';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { MessageRate } from '../rate-limit/message-rate.ts';
import { TokenBucket } from '../rate-limit/token-bucket.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { LimitName } from './budget-table.ts';

/** Amounts spent over time. */
export type Rated = 'frames' | 'requests' | 'presenceVisits' | 'launches' | 'addressRequests' | 'addressRefusals';

/** Things held for a time, such as connections. */
export type Held = 'connections' | 'presenceAgents';

export interface UsageBudgetOptions {
  rates: Readonly<Record<Rated, { perSecond: number; burst: number }>>;
  most: Readonly<Record<Held, number>>;
  metrics: Pick<IngestMetrics, 'budgetRefused'>;
  monotonicMs: () => number;
}

/** The owners that spent most recently. An evicted owner has been quiet, so its bucket was full or nearly full. */
const maxKept = 50_000;

/**
 * Tracks the spending of each user and session on this replica, over all of their connections and requests. In memory: asking a store for
 * each message would cost more than the message. Limits on rows are kept by the records, in the statement that writes the row.
 */
export class UsageBudget {
  readonly #options: UsageBudgetOptions;
  readonly #buckets = new LRUCache<string, TokenBucket>({ max: maxKept });
  readonly #messageRates = new LRUCache<string, MessageRate>({ max: maxKept });
  readonly #held = new Map<string, number>();

  constructor(options: UsageBudgetOptions) {
    this.#options = options;
  }

  /**
   * Spends `amount`. An amount above the burst is allowed once the bucket is full; otherwise it could never pass.
   * @param owner the user or session
   * @returns null, or the milliseconds to wait if the budget is used up
   */
  spend(limit: Rated, owner: string, amount = 1): number | null {
    const { rates, monotonicMs } = this.#options;
    const { perSecond, burst } = rates[limit];
    const key = `${limit} ${owner}`;
    const nowMs = monotonicMs();
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) this.#buckets.set(key, (bucket = new TokenBucket(perSecond, burst, nowMs)));
    const spent = Math.min(amount, burst);
    if (bucket.take(spent, nowMs)) return null;
    this.refused(limit);
    return Math.max(1, bucket.waitMs(spent));
  }

  /** Refunds an amount spent on an operation that failed through no fault of the owner. */
  refund(limit: Rated, owner: string, amount = 1): void {
    this.#buckets.get(`${limit} ${owner}`)?.giveBack(Math.min(amount, this.#options.rates[limit].burst));
  }

  /** The rate that all of an owner's connections to a channel share. */
  messageRate(channel: string, owner: string, limits: ConnectionLimits): MessageRate {
    const key = `${channel} ${owner}`;
    let rate = this.#messageRates.get(key);
    if (rate === undefined) this.#messageRates.set(key, (rate = new MessageRate(limits, this.#options.monotonicMs())));
    return rate;
  }

  /** Counts one more thing that the owner holds. @returns a function that releases it; null if the owner has too many */
  hold(limit: Held, owner: string): (() => void) | null {
    const key = `${limit} ${owner}`;
    const held = this.#held.get(key) ?? 0;
    if (held >= this.#options.most[limit]) {
      this.refused(limit);
      return null;
    }
    this.#held.set(key, held + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const left = (this.#held.get(key) ?? 1) - 1;
      if (left === 0) this.#held.delete(key);
      else this.#held.set(key, left);
    };
  }

  /** Counts that a limit refused something. */
  refused(limit: LimitName, count = 1): void {
    this.#options.metrics.budgetRefused.inc({ limit }, count);
  }
}
