import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import type { Logger } from 'pino';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import type { Checkpoint, CheckpointStore, KeptCheckpoint } from './checkpoint-store.ts';

export interface EmbeddedCheckpointStoreOptions {
  file: string;
  retentionSeconds: number;
  log: Logger;
  now: () => number;
}

const schema = `
  -- Deleted content is overwritten, so that erased data does not remain in the file.
  PRAGMA secure_delete = ON;
  PRAGMA journal_mode = WAL;
  -- A checkpoint lost in a power cut is made again from the frames, so commits need not wait for the disk.
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS checkpoints (
    session_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    json TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
const purgeEveryMs = 60_000;

/** Checkpoints in a SQLite file of their own, for one process. */
export class EmbeddedCheckpointStore implements CheckpointStore {
  readonly #options: EmbeddedCheckpointStoreOptions;
  readonly #now: () => number;
  readonly #db: Database.Database;
  readonly #purge: NodeJS.Timeout;
  #closed = false;

  constructor(options: EmbeddedCheckpointStoreOptions) {
    this.#options = options;
    this.#now = options.now;
    mkdirSync(dirname(options.file), { recursive: true });
    this.#db = new Database(options.file, { timeout: 2000 });
    this.#db.exec(schema);
    this.#purge = setInterval(() => this.#removeExpired(), purgeEveryMs).unref();
  }

  async load(sessionId: string): Promise<KeptCheckpoint | null> {
    return this.#guarded(() => {
      const row = this.#db.prepare('SELECT revision, json FROM checkpoints WHERE session_id = ?').get(sessionId) as
        | { revision: number; json: string }
        | undefined;
      return row === undefined ? null : { revision: row.revision, checkpoint: JSON.parse(row.json) as Checkpoint };
    });
  }

  async save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<boolean> {
    const json = JSON.stringify(checkpoint);
    const expiresAtMs = this.#now() + this.#options.retentionSeconds * 1000;
    return this.#guarded(() => {
      const { changes } =
        revision === 0
          ? this.#db.prepare('INSERT OR IGNORE INTO checkpoints VALUES (?, 1, ?, ?)').run(sessionId, json, expiresAtMs)
          : this.#db
              .prepare(
                'UPDATE checkpoints SET revision = revision + 1, json = ?, expires_at_ms = ? WHERE session_id = ? AND revision = ?',
              )
              .run(json, expiresAtMs, sessionId, revision);
      return changes === 1;
    });
  }

  async clear(sessionId: string): Promise<void> {
    this.#guarded(() => {
      const { changes } = this.#db.prepare('DELETE FROM checkpoints WHERE session_id = ?').run(sessionId);
      if (changes === 0) return;
      // The write-ahead log still contains the deleted data.
      this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#purge);
    this.#db.close();
  }

  #removeExpired(): void {
    try {
      this.#db.prepare('DELETE FROM checkpoints WHERE expires_at_ms < ?').run(this.#now());
    } catch (error) {
      this.#options.log.error({ event: 'checkpoints.purge_failed', error });
    }
  }

  #guarded<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw frameStoreUnavailable(error);
    }
  }
}
