import { Gathered } from './gathered.ts';
import { isOneOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { FramesStored } from './stored-frames.ts';

interface FramesAtCheckpoint {
  frames: number;
  /** When the session started, ISO 8601. */
  startedAt: string;
}

const readRecorded = prepared((db, sessionIds: readonly string[]) =>
  db
    .selectFrom('sessions')
    .select(['session_id', 'frames_stored', 'started_at'])
    .where(isOneOf(db, 'session_id', sessionIds))
    .where('status', '!=', 'ended'),
);

/** Frames that the store had and lost while their session ran. */
export class FrameLossRecords {
  readonly #database: RecordsDatabase;
  readonly #recorded = new Gathered((sessionIds: readonly string[]) => this.#findRecorded(sessionIds));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** The frames that the store had at the last checkpoint of a session that has not ended; null if there is no such session. */
  find(sessionId: string): Promise<FramesAtCheckpoint | null> {
    return this.#recorded.add(sessionId);
  }

  #findRecorded(sessionIds: readonly string[]): Promise<(FramesAtCheckpoint | null)[]> {
    return this.#database.run(async (db) => {
      const rows = await readRecorded(db, sessionIds);
      const byId = new Map(rows.map((row) => [row.session_id, row]));
      return sessionIds.map((sessionId) => {
        const row = byId.get(sessionId);
        return row === undefined ? null : { frames: row.frames_stored, startedAt: row.started_at };
      });
    });
  }

  /** The store, which had `before` frames at the last checkpoint, has lost all but some of them. Does nothing if there was another checkpoint. */
  async saveLost(sessionId: string, before: number, { frames, chain }: FramesStored): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set(({ eb }) => ({
          frames_gone: eb('frames_gone', '+', before - frames),
          frames_stored: frames,
          frames_head: chain?.head ?? null,
          frames_nonce: chain?.nonce ?? null,
        }))
        .where('session_id', '=', sessionId)
        .where('frames_stored', '=', before)
        .execute(),
    );
  }

  /** At least this many frames were stored once and are not part of the session any more. `saveLost` may have counted them. */
  async saveReplaced(sessionId: string, frames: number): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ frames_gone: frames })
        .where('session_id', '=', sessionId)
        .where('frames_gone', '<', frames)
        .execute(),
    );
  }
}
