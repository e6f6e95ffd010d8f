import type { Logger } from 'pino';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import { SqliteFile } from '../sqlite/sqlite-file.ts';
import type { Checkpoint, CheckpointStore, KeptCheckpoint } from './checkpoint-store.ts';

export interface EmbeddedCheckpointStoreOptions {
  file: string;
  retentionSeconds: number;
  log: Logger;
  now: () => number;
}

const schema = `
  CREATE TABLE IF NOT EXISTS checkpoints (
    session_id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    json TEXT NOT NULL,
    expires_at_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
`;
const purgeEveryMs = 60_000;

/**
 * Checkpoints in a SQLite file of their own, for one process. Nothing waits for the disk: a checkpoint that is lost in a power cut is made
 * again from the frames.
 */
export class EmbeddedCheckpointStore implements CheckpointStore {
  readonly #options: EmbeddedCheckpointStoreOptions;
  readonly #now: () => number;
  readonly #file: SqliteFile;
  readonly #purge: NodeJS.Timeout;
  #closed = false;

  constructor(options: EmbeddedCheckpointStoreOptions) {
    this.#options = options;
    this.#now = options.now;
    this.#file = new SqliteFile(options.file);
    this.#file.db.exec(schema);
    this.#purge = setInterval(() => this.#removeExpired(), purgeEveryMs).unref();
  }

  async load(sessionId: string): Promise<KeptCheckpoint | null> {
    return this.#guarded(() => {
      const row = this.#file.db
        .prepare('SELECT revision, json FROM checkpoints WHERE session_id = ?')
        .get(sessionId) as { revision: number; json: string } | undefined;
      return row === undefined ? null : { revision: row.revision, checkpoint: JSON.parse(row.json) as Checkpoint };
    });
  }

  async save(sessionId: string, checkpoint: Checkpoint, revision: number): Promise<boolean> {
    const json = JSON.stringify(checkpoint);
    const expiresAtMs = this.#now() + this.#options.retentionSeconds * 1000;
    const { db } = this.#file;
    const isSaved = this.#guarded(() => {
      const { changes } =
        revision === 0
          ? db.prepare('INSERT OR IGNORE INTO checkpoints VALUES (?, 1, ?, ?)').run(sessionId, json, expiresAtMs)
          : db
              .prepare(
                'UPDATE checkpoints SET revision = revision + 1, json = ?, expires_at_ms = ? WHERE session_id = ? AND revision = ?',
              )
              .run(json, expiresAtMs, sessionId, revision);
      return changes === 1;
    });
    this.#file.written();
    return isSaved;
  }

  async clear(sessionId: string): Promise<void> {
    const { changes } = this.#guarded(() =>
      this.#file.db.prepare('DELETE FROM checkpoints WHERE session_id = ?').run(sessionId),
    );
    if (changes > 0)
      await this.#file.emptyLog().catch((error: unknown) => Promise.reject(frameStoreUnavailable(error)));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#purge);
    await this.#file.close();
  }

  #removeExpired(): void {
    try {
      this.#file.db.prepare('DELETE FROM checkpoints WHERE expires_at_ms < ?').run(this.#now());
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
