import type { RecordsDatabase } from './records-database.ts';

export interface StoreClockOptions {
  database: Pick<RecordsDatabase, 'nowMs'>;
  /** This replica's steady clock, milliseconds since the Unix epoch. */
  now: () => number;
}

const compareEveryMs = 30_000;

/**
 * The time by the database's clock, as this replica's steady clock plus the difference at the last comparison. For times that replicas write
 * and compare with each other, such as claims: a replica whose clock is wrong must neither hold one for hours nor take one over at once.
 */
export class StoreClock {
  readonly #options: StoreClockOptions;
  readonly #timer: NodeJS.Timeout;
  #aheadMs = 0;

  constructor(options: StoreClockOptions) {
    this.#options = options;
    const compare = (): void => void this.compare().catch(() => undefined);
    this.#timer = setInterval(compare, compareEveryMs).unref();
    compare();
  }

  /** Milliseconds since the Unix epoch, whole. The replica's own time until the first comparison. */
  readonly now = (): number => this.#options.now() + this.#aheadMs;

  /** Rejects with `records_unavailable`; the last difference stays. */
  async compare(): Promise<void> {
    const { database, now } = this.#options;
    const beforeMs = now();
    const storeMs = await database.nowMs();
    // SQLite has no clock of its own, and no second replica.
    if (storeMs !== null) this.#aheadMs = Math.round(storeMs - (beforeMs + now()) / 2);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
