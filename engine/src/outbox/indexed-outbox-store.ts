import { DatabaseHandle } from './database-handle.ts';
import type { OutboxDatabase } from './outbox-database.ts';
import type { OutboxEntry, OutboxEntryInfo } from './outbox-entry.ts';
import type { OutboxChange, OutboxStore } from './outbox-store.ts';

/** Undelivered frames of other sessions are deleted after this time. */
const retentionMs = 14 * 86_400_000;
/** Entries read at once while loading, so that a long backlog does not block the page. */
const chunkEntries = 500;

const keysOf = (sessionId: string, fromSeq = 0, toSeq = Number.MAX_SAFE_INTEGER): IDBKeyRange =>
  IDBKeyRange.bound([sessionId, fromSeq], [sessionId, toSeq]);

/** Limits for one write, one read, the initial load and one deletion. */
const writeTimeoutMs = 5000;
const readTimeoutMs = 5000;
const loadTimeoutMs = 5000;
const deleteTimeoutMs = 2000;

const deleteExpiredSessions = async (database: OutboxDatabase, ownId: string, nowMs: number): Promise<void> => {
  const transaction = database.transaction(['frames', 'heads', 'losses'], 'readwrite');
  for (const { sessionId, writtenAtMs } of await transaction.objectStore('heads').getAll()) {
    if (sessionId === ownId || nowMs - writtenAtMs < retentionMs) continue;
    await transaction.objectStore('frames').delete(keysOf(sessionId));
    await transaction.objectStore('heads').delete(sessionId);
    await transaction.objectStore('losses').delete(sessionId);
  }
  await transaction.done;
};

const loadEntries = async (database: OutboxDatabase, sessionId: string): Promise<OutboxEntryInfo[]> => {
  const entries: OutboxEntryInfo[] = [];
  for (let fromSeq = 0; ;) {
    const chunk = await database.getAll('frames', keysOf(sessionId, fromSeq), chunkEntries);
    for (const { seq, timestampMs, bytes } of chunk) entries.push({ seq, timestampMs, bytes });
    const last = chunk.at(-1);
    if (last === undefined || chunk.length < chunkEntries) return entries;
    fromSeq = last.seq + 1;
  }
};

const writeChange = async (
  database: OutboxDatabase,
  sessionId: string,
  { put, remove, head, lostRanges }: OutboxChange,
): Promise<void> => {
  // A frame may be sent once it is stored, and its number must never be used again, so the write must reach the disk.
  const transaction = database.transaction(['frames', 'heads', 'losses'], 'readwrite', {
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
};

/** Frames in IndexedDB, keyed by session and number. */
export class IndexedOutboxStore implements OutboxStore {
  readonly kind = 'indexeddb';
  readonly #handle: DatabaseHandle;
  readonly #sessionId: string;

  private constructor(handle: DatabaseHandle, sessionId: string) {
    this.#handle = handle;
    this.#sessionId = sessionId;
  }

  /** Rejects if the browser offers no IndexedDB to this page, or does not answer. */
  static async open(sessionId: string, nowMs: number): Promise<IndexedOutboxStore> {
    const handle = await DatabaseHandle.open();
    await handle
      .use('deleting expired sessions', deleteTimeoutMs, (database) =>
        deleteExpiredSessions(database, sessionId, nowMs),
      )
      .catch((error: unknown) => console.warn('outbox_cleanup_failed', error));
    return new IndexedOutboxStore(handle, sessionId);
  }

  load(): ReturnType<OutboxStore['load']> {
    return this.#handle.use('loading the outbox', loadTimeoutMs, async (database) => {
      const stored = await database.get('heads', this.#sessionId);
      const losses = await database.get('losses', this.#sessionId);
      const entries = await loadEntries(database, this.#sessionId);
      return { head: stored?.head ?? null, lostRanges: losses?.lostRanges ?? [], entries };
    });
  }

  write(change: OutboxChange): Promise<void> {
    return this.#handle.use('writing the outbox', writeTimeoutMs, (database) =>
      writeChange(database, this.#sessionId, change),
    );
  }

  async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    const entries = await this.#handle.use('reading the outbox', readTimeoutMs, (database) =>
      database.getAll('frames', keysOf(this.#sessionId, fromSeq, toSeq)),
    );
    return entries.map(({ seq, timestampMs, bytes, frame }) => ({ seq, timestampMs, bytes, frame }));
  }

  close(): void {
    this.#handle.close();
  }
}
