import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase, OpenDBCallbacks } from 'idb';
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

const lostCallbacks = (onLost: () => void): Pick<OpenDBCallbacks<OutboxSchema>, 'blocking' | 'terminated'> => ({
  // A newer version of this page in another tab must not wait for this one.
  blocking(_currentVersion, _blockedVersion, event) {
    (event.target as IDBDatabase).close();
    onLost();
  },
  terminated: onLost,
});

const fromVersion1 = ({ sessionId, seq, json }: EntryVersion1): OutboxSchema['frames']['value'] => ({
  sessionId,
  ...outboxEntry({ ...(JSON.parse(json) as Omit<ClientFrame, 'seq'>), seq }),
});

/** A newer version of this page may have upgraded the database; what this one needs is still in it, or opening fails. */
const openUpgraded = async (onLost: () => void): Promise<OutboxDatabase> => {
  const database = await openDB<OutboxSchema>(databaseName, undefined, lostCallbacks(onLost));
  const { objectStoreNames: names } = database;
  if (names.contains('frames') && names.contains('heads') && names.contains('losses')) return database;
  database.close();
  throw new DOMException('the outbox database has another format', 'VersionError');
};

/**
 * One database for each origin. Rejects if the browser offers no IndexedDB to this page.
 *
 * @param onLost the handle no longer works: the browser closed it, or another tab needs the database.
 */
export const openOutboxDatabase = (onLost: () => void): Promise<OutboxDatabase> =>
  openDB<OutboxSchema>(databaseName, version, {
    ...lostCallbacks(onLost),
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
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'VersionError') return openUpgraded(onLost);
    throw error;
  });
