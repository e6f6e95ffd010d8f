import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { LostRange, OutboxChange, OutboxEntry, OutboxEntryInfo, OutboxHead, OutboxStore } from './outbox-store.ts';
import { utf8Bytes } from './utf8-bytes.ts';

interface OutboxSchema extends DBSchema {
  frames: { key: [sessionId: string, seq: number]; value: OutboxEntry & { sessionId: string } };
  heads: { key: string; value: { sessionId: string; head: OutboxHead; writtenAtMs: number } };
  losses: { key: string; value: { sessionId: string; lostRanges: LostRange[] } };
}

const databaseName = 'invigil-outbox';
/** What was never delivered is deleted after so long, because nobody would come for it. */
const retentionMs = 14 * 86_400_000;
/** Entries read at once while loading, so that a long backlog does not block the page. */
const chunkEntries = 500;

const keysOf = (sessionId: string, fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER): IDBKeyRange =>
  IDBKeyRange.bound([sessionId, fromSeq], [sessionId, toSeq]);

/** One database for each origin; frames keyed by session and number. */
export class IndexedOutboxStore implements OutboxStore {
  readonly kind = 'indexeddb';
  readonly #database: IDBPDatabase<OutboxSchema>;
  readonly #sessionId: string;

  private constructor(database: IDBPDatabase<OutboxSchema>, sessionId: string) {
    this.#database = database;
    this.#sessionId = sessionId;
  }

  /** Rejects where the browser offers no IndexedDB to this page. */
  static async open(sessionId: string, nowMs: number): Promise<IndexedOutboxStore> {
    const database = await openDB<OutboxSchema>(databaseName, 1, {
      upgrade(db) {
        db.createObjectStore('frames', { keyPath: ['sessionId', 'seq'] });
        db.createObjectStore('heads', { keyPath: 'sessionId' });
        db.createObjectStore('losses', { keyPath: 'sessionId' });
      },
    });
    const store = new IndexedOutboxStore(database, sessionId);
    await store.#forgetOldSessions(nowMs);
    return store;
  }

  async #forgetOldSessions(nowMs: number): Promise<void> {
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
      for (const { seq, timestampMs, json } of chunk) entries.push({ seq, timestampMs, bytes: utf8Bytes(json) });
      const last = chunk.at(-1);
      if (last === undefined || chunk.length < chunkEntries) break;
      fromSeq = last.seq + 1;
    }
    return { head: stored?.head ?? null, lostRanges: losses?.lostRanges ?? [], entries };
  }

  async write({ put, remove, head, lostRanges }: OutboxChange): Promise<void> {
    const sessionId = this.#sessionId;
    // A frame may be sent once this is done, and its number must then never be given again: so "strict", on the disk.
    const transaction = this.#database.transaction(['frames', 'heads', 'losses'], 'readwrite', {
      durability: put.length > 0 ? 'strict' : 'relaxed',
    });
    const frames = transaction.objectStore('frames');
    const requests: Promise<unknown>[] = remove.map(([from, to]) => frames.delete(keysOf(sessionId, from, to)));
    for (const entry of put) requests.push(frames.put({ sessionId, ...entry }));
    requests.push(transaction.objectStore('heads').put({ sessionId, head, writtenAtMs: head.lastTimestampMs }));
    if (lostRanges !== null) requests.push(transaction.objectStore('losses').put({ sessionId, lostRanges }));
    // Without it, a page that is closed now would take the transaction with it.
    transaction.commit();
    await Promise.all([...requests, transaction.done]);
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    const entries = await this.#database.getAll('frames', keysOf(this.#sessionId, fromSeq, toSeq));
    return entries.map(({ seq, timestampMs, json }) => ({ seq, timestampMs, json }));
  }

  close(): void {
    this.#database.close();
  }
}
