import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { ClientFrame } from './client-frame.ts';
import { outboxEntry } from './outbox-entry.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { LostRange, OutboxHead } from './outbox-store.ts';

export interface OutboxSchema extends DBSchema {
  frames: { key: [sessionId: string, seq: number]; value: OutboxEntry & { sessionId: string } };
  heads: { key: string; value: { sessionId: string; head: OutboxHead; writtenAtMs: number } };
  losses: { key: string; value: { sessionId: string; lostRanges: LostRange[] } };
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>;

/** How version 1 stored a frame: as JSON without its number. */
interface EntryVersion1 {
  sessionId: string;
  seq: number;
  json: string;
}

const databaseName = 'invigil-outbox';
const version = 2;

const fromVersion1 = ({ sessionId, seq, json }: EntryVersion1): OutboxSchema['frames']['value'] => ({
  sessionId,
  ...outboxEntry({ ...(JSON.parse(json) as Omit<ClientFrame, 'seq'>), seq }),
});

/** One database for each origin. Rejects where the browser offers no IndexedDB to this page. */
export const openOutboxDatabase = (): Promise<OutboxDatabase> =>
  openDB<OutboxSchema>(databaseName, version, {
    async upgrade(database, oldVersion, _newVersion, transaction) {
      if (oldVersion === 0) {
        database.createObjectStore('frames', { keyPath: ['sessionId', 'seq'] });
        database.createObjectStore('heads', { keyPath: 'sessionId' });
        database.createObjectStore('losses', { keyPath: 'sessionId' });
        return;
      }
      let cursor = await transaction.objectStore('frames').openCursor();
      while (cursor !== null) {
        await cursor.update(fromVersion1(cursor.value as unknown as EntryVersion1));
        cursor = await cursor.continue();
      }
    },
    // A newer version of this page in another tab must not wait for this one.
    blocking(_currentVersion, _blockedVersion, event) {
      (event.target as IDBDatabase).close();
    },
  });
