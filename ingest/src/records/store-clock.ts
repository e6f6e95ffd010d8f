import { withDeadline } from '../time/with-deadline.ts';
import type { RecordsDatabase } from './records-database.ts';

export interface StoreClockOptions {
  database: Pick<RecordsDatabase, 'nowMs'>;
  /** This replica's steady clock, milliseconds since the Unix epoch. */
  now: () => number;
}

const compareEveryMs = 30_000;
/** The server starts without the database's time if the database takes longer. */
const firstComparisonMs = 3000;
/** The fastest of these counts. The first one at the start waits for the connection to the database. */
const readings = 3;

/**
 * The time by the database's clock, as this replica's steady clock plus the difference at the last comparison. For times that replicas write
 * and compare with each other, such as claims: a replica whose clock is wrong must neither hold one for hours nor take one over at once.
 */
export class StoreClock {
  readonly #options: StoreClockOptions;
  /** Resolves after the first comparison, or if it fails or takes long. Wait for it, so that the first times that others compare are right. */
  readonly compared: Promise<void>;
  readonly #timer: NodeJS.Timeout;
  #aheadMs = 0;
  #errorMs = 0;

  constructor(options: StoreClockOptions) {
    this.#options = options;
    const compare = (): Promise<void> => this.compare().catch(() => undefined);
    this.#timer = setInterval(() => void compare(), compareEveryMs).unref();
    this.compared = withDeadline(compare(), firstComparisonMs, () => undefined);
  }

  /** Milliseconds since the Unix epoch, whole. The replica's own time until the first comparison. */
  readonly now = (): number => this.#options.now() + this.#aheadMs;

  /** By how much `now` may be wrong since the last comparison, milliseconds: half the time that the database took to answer. */
  readonly errorMs = (): number => this.#errorMs;

  /** Rejects with `records_unavailable`; the last difference stays. */
  async compare(): Promise<void> {
    const { database, now } = this.#options;
    let fastestMs = Infinity;
    for (let count = 0; count < readings; count += 1) {
      const beforeMs = now();
      const storeMs = await database.nowMs();
      // SQLite has no clock of its own, and no second replica.
      if (storeMs === null) return;
      const afterMs = now();
      if (afterMs - beforeMs >= fastestMs) continue;
      fastestMs = afterMs - beforeMs;
      this.#aheadMs = Math.round(storeMs - (beforeMs + afterMs) / 2);
      this.#errorMs = fastestMs / 2;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
