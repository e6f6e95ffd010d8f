import { DeadlineError, withDeadline } from '../timing/deadline.ts';
import { openOutboxDatabase } from './outbox-database.ts';
import type { OutboxDatabase } from './outbox-database.ts';

/** A database that is blocked by another tab, or on a broken disk, may never open. */
const openTimeoutMs = 4000;

/** Errors that a new handle cannot fix. */
const isLasting = (error: unknown): boolean =>
  error instanceof DeadlineError ||
  (error instanceof DOMException && (error.name === 'QuotaExceededError' || error.name === 'DataCloneError'));

/**
 * The outbox's database. Browsers invalidate handles while a page is open (storage pressure, another tab that upgrades, a crashed
 * storage process), so a call that fails is repeated once on a new handle.
 */
export class DatabaseHandle {
  #database: OutboxDatabase | null = null;
  #opening: Promise<OutboxDatabase> | null = null;
  #isClosed = false;

  /** Rejects if the browser offers no IndexedDB to this page, or does not answer. */
  static async open(): Promise<DatabaseHandle> {
    const handle = new DatabaseHandle();
    await handle.#get();
    return handle;
  }

  /**
   * @param call names the call in errors.
   * @param run must be safe to repeat.
   */
  async use<Answer>(
    call: string,
    limitMs: number,
    run: (database: OutboxDatabase) => Promise<Answer>,
  ): Promise<Answer> {
    const attempt = async (): Promise<Answer> => {
      const database = await this.#get();
      try {
        return await withDeadline(call, limitMs, run(database));
      } catch (error) {
        this.#release(database);
        throw error;
      }
    };
    try {
      return await attempt();
    } catch (error) {
      if (this.#isClosed || isLasting(error)) throw error;
      return attempt();
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#forget();
  }

  #get(): Promise<OutboxDatabase> {
    if (this.#database !== null) return Promise.resolve(this.#database);
    if (this.#isClosed) return Promise.reject(new Error('the outbox is closed'));
    this.#opening ??= this.#open().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #open(): Promise<OutboxDatabase> {
    const opening = openOutboxDatabase(() => this.#forget());
    const database = await withDeadline('indexedDB.open', openTimeoutMs, opening, (late) => late.close());
    if (this.#isClosed) database.close();
    else this.#database = database;
    return database;
  }

  #forget(): void {
    if (this.#database !== null) this.#release(this.#database);
  }

  #release(database: OutboxDatabase): void {
    if (this.#database === database) this.#database = null;
    database.close();
  }
}
