import { openOutboxDatabase } from './outbox-database.ts';
import type { OutboxDatabase } from './outbox-database.ts';
import type { OutboxEntry, OutboxEntryInfo } from './outbox-entry.ts';
import type { OutboxChange, OutboxStore } from './outbox-store.ts';

/** Undelivered frames of other sessions are deleted after this time. */
const retentionMs = 14 * 86_400_000;
/** Entries read at once while loading, so that a long backlog does not block the page. */
const chunkEntries = 500;

const keysOf = (sessionId: string, fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER): IDBKeyRange =>
  IDBKeyRange.bound([sessionId, fromSeq], [sessionId, toSeq]);

/** Frames in IndexedDB, keyed by session and number. */
export class IndexedOutboxStore implements OutboxStore {
  readonly kind = 'indexeddb';
  readonly #database: OutboxDatabase;
  readonly #sessionId: string;

  private constructor(database: OutboxDatabase, sessionId: string) {
    this.#database = database;
    this.#sessionId = sessionId;
  }

  /** Rejects where the browser offers no IndexedDB to this page. */
  static async open(sessionId: string, nowMs: number): Promise<IndexedOutboxStore> {
    const store = new IndexedOutboxStore(await openOutboxDatabase(), sessionId);
    await store.#deleteExpiredSessions(nowMs);
    return store;
  }

  async #deleteExpiredSessions(nowMs: number): Promise<void> {
    const transaction = this.#database.transaction(['frames', 'heads', 'losses'], 'readwrite');
    for (const { sessionId, writtenAtMs } of await transaction.objectStore('heads').getAll()) {
      if (sessionId === this.#sessionId || nowMs - writtenAtMs < retentionMs) continue;
      await transaction.objectStore('frames').delete(keysOf(sessionId));
      await transaction.objectStore('heads').delete(sessionId);
      await transaction.objectStore('losses').delete(sessionId);
    }
    await transaction.done;
  }

  async load(): ReturnType<OutboxStore['load']> {
    const stored = await this.#database.get('heads', this.#sessionId);
    const losses = await this.#database.get('losses', this.#sessionId);
    const entries: OutboxEntryInfo[] = [];
    for (let fromSeq = 0; ;) {
      const chunk = await this.#database.getAll('frames', keysOf(this.#sessionId, fromSeq), chunkEntries);
      for (const { seq, timestampMs, bytes } of chunk) entries.push({ seq, timestampMs, bytes });
      const last = chunk.at(-1);
      if (last === undefined || chunk.length < chunkEntries) break;
      fromSeq = last.seq + 1;
    }
    return { head: stored?.head ?? null, lostRanges: losses?.lostRanges ?? [], entries };
  }

  async write({ put, remove, head, lostRanges }: OutboxChange): Promise<void> {
    const sessionId = this.#sessionId;
    // A frame may be sent once it is stored, and its number must never be used again, so the write must reach the disk.
    const transaction = this.#database.transaction(['frames', 'heads', 'losses'], 'readwrite', {
      durability: put.length > 0 ? 'strict' : 'relaxed',
    });
    const frames = transaction.objectStore('frames');
    const requests: Promise<unknown>[] = remove.map(([from, to]) => frames.delete(keysOf(sessionId, from, to)));
    for (const entry of put) requests.push(frames.put({ sessionId, ...entry }));
    requests.push(transaction.objectStore('heads').put({ sessionId, head, writtenAtMs: head.lastTimestampMs }));
    if (lostRanges !== null) requests.push(transaction.objectStore('losses').put({ sessionId, lostRanges }));
    // Without an explicit commit, closing the page now would abort the transaction.
    transaction.commit();
    await Promise.all([...requests, transaction.done]);
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    const entries = await this.#database.getAll('frames', keysOf(this.#sessionId, fromSeq, toSeq));
    return entries.map(({ seq, timestampMs, bytes, frame }) => ({ seq, timestampMs, bytes, frame }));
  }

  close(): void {
    this.#database.close();
  }
}
