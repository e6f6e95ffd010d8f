import type { Selectable } from 'kysely';
import type { CameraLink } from '../model/camera-link.ts';
import type { CameraLinkTables } from './camera-link-tables.ts';
import { Gathered } from './gathered.ts';
import { groupBy } from './group-by.ts';
import { isOneOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';

const linkOf = (row: Selectable<CameraLinkTables['camera_links']>): CameraLink => ({
  linkId: row.link_id,
  sessionId: row.session_id,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
  connectedAt: row.connected_at,
  seenAt: row.seen_at,
  endedAt: row.ended_at,
});

const readLinks = prepared((db, sessionIds: readonly string[]) =>
  db
    .selectFrom('camera_links')
    .selectAll()
    .where(isOneOf(db, 'session_id', sessionIds))
    .orderBy('created_at')
    .orderBy('link_id'),
);

export interface NewCameraLink {
  linkId: string;
  sessionId: string;
  codeHash: string;
  createdAt: string;
  expiresAt: string;
  /** The limit of links in a session. */
  most: number;
}

/** Links by which phones become the cameras of sessions. */
export class CameraLinkRecords {
  readonly #database: RecordsDatabase;
  readonly #ofSession = new Gathered((sessionIds: readonly string[]) => this.#ofSessions(sessionIds));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Earlier links of the session that no phone has opened stop working. @returns false if the session has too many links */
  add({ linkId, sessionId, codeHash, createdAt, expiresAt, most }: NewCameraLink): Promise<boolean> {
    return this.#database.runLocked(`camera ${sessionId}`, async (transaction) => {
      const ofSession = transaction.selectFrom('camera_links').where('session_id', '=', sessionId);
      const known = await ofSession.select('link_id').limit(most).execute();
      if (known.length >= most) return false;
      await transaction
        .updateTable('camera_links')
        .set({ ended_at: createdAt })
        .where('session_id', '=', sessionId)
        .where('used_at', 'is', null)
        .where('ended_at', 'is', null)
        .execute();
      await transaction
        .insertInto('camera_links')
        .values({
          link_id: linkId,
          session_id: sessionId,
          code_hash: codeHash,
          created_at: createdAt,
          expires_at: expiresAt,
          used_at: null,
          connected_at: null,
          seen_at: null,
          ended_at: null,
        })
        .execute();
      return true;
    });
  }

  /** Marks the link as used. Only the first call succeeds. @returns null for an unknown, used, ended or expired code */
  use(codeHash: string, at: string): Promise<CameraLink | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .updateTable('camera_links')
        .set({ used_at: at })
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .where('ended_at', 'is', null)
        .where('expires_at', '>', at)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? null : linkOf(row);
    });
  }

  /** Whether the phone that opened the link may send frames. */
  isOpen(linkId: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('camera_links')
        .select('link_id')
        .where('link_id', '=', linkId)
        .where('used_at', 'is not', null)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return row !== undefined;
    });
  }

  /** The phone is the camera from now on; the link of a phone that was it before ends. */
  async connected(sessionId: string, linkId: string, at: string): Promise<void> {
    await this.#database.runLocked(`camera ${sessionId}`, async (transaction) => {
      await transaction
        .updateTable('camera_links')
        .set({ ended_at: at })
        .where('session_id', '=', sessionId)
        .where('link_id', '!=', linkId)
        .where('connected_at', 'is not', null)
        .where('ended_at', 'is', null)
        .execute();
      await transaction
        .updateTable('camera_links')
        .set((row) => ({ seen_at: at, connected_at: row.fn.coalesce('connected_at', row.val(at)) }))
        .where('link_id', '=', linkId)
        .where('ended_at', 'is', null)
        .execute();
    });
  }

  async seen(linkId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('camera_links').set({ seen_at: at }).where('link_id', '=', linkId).execute(),
    );
  }

  /** The computer is the camera from now on. */
  async endPhones(sessionId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('camera_links')
        .set({ ended_at: at })
        .where('session_id', '=', sessionId)
        .where('connected_at', 'is not', null)
        .where('ended_at', 'is', null)
        .execute(),
    );
  }

  /** Oldest first. */
  ofSession(sessionId: string): Promise<CameraLink[]> {
    return this.#ofSession.add(sessionId);
  }

  #ofSessions(sessionIds: readonly string[]): Promise<CameraLink[][]> {
    return this.#database.run(async (db) => {
      const links = (await readLinks(db, sessionIds)).map(linkOf);
      const ofEach = groupBy(links, ({ sessionId }) => sessionId);
      return sessionIds.map((sessionId) => ofEach.get(sessionId) ?? []);
    });
  }

  /** The sessions of the exam in which a phone is the camera. */
  sessionsWithPhone(examId: string): Promise<ReadonlySet<string>> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('camera_links')
        .innerJoin('sessions', 'sessions.session_id', 'camera_links.session_id')
        .select('camera_links.session_id')
        .where('sessions.exam_id', '=', examId)
        .where('camera_links.connected_at', 'is not', null)
        .where('camera_links.ended_at', 'is', null)
        .execute();
      return new Set(rows.map((row) => row.session_id));
    });
  }
}
