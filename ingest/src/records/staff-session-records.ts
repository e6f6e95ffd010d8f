import type { Selectable } from 'kysely';
import { roles } from '../model/principal.ts';
import type { StaffSession } from '../model/staff-session.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { StaffSessionTables } from './staff-session-tables.ts';

const sessionOf = (row: Selectable<StaffSessionTables['staff_sessions']>): StaffSession | null => {
  const role = roles.find((known) => known === row.role);
  if (role === undefined || role === 'STUDENT') return null;
  return {
    id: row.staff_session_id,
    userId: row.user_id,
    role,
    issuer: row.issuer,
    subject: row.subject,
    providerSession: row.provider_session,
    idToken: row.id_token,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  };
};

/** SQLite and Postgres limit the number of values in a statement. */
const idsPerQuery = 500;

/** Which of a provider's sessions end: one, or all of a user. */
export type EndedSessions = { issuer: string; providerSession: string } | { issuer: string; subject: string };

/** Staff who are signed in. */
export class StaffSessionRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  async add(session: StaffSession): Promise<void> {
    await this.#database.run(async (db) => {
      await db
        .insertInto('staff_sessions')
        .values({
          staff_session_id: session.id,
          user_id: session.userId,
          role: session.role,
          issuer: session.issuer,
          subject: session.subject,
          provider_session: session.providerSession,
          id_token: session.idToken,
          created_at: session.createdAt,
          expires_at: session.expiresAt,
        })
        .execute();
    });
  }

  async deleteExpired(at: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('staff_sessions').where('expires_at', '<=', at).execute());
  }

  /** Null if it has ended or, at that time, expired. */
  find(id: string, at: string): Promise<StaffSession | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('staff_sessions')
        .selectAll()
        .where('staff_session_id', '=', id)
        .where('expires_at', '>', at)
        .executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    });
  }

  /** The sessions among these that are running at that time. */
  async among(ids: readonly string[], at: string): Promise<ReadonlySet<string>> {
    const running = new Set<string>();
    for (let from = 0; from < ids.length; from += idsPerQuery) {
      const rows = await this.#database.run((db) =>
        db
          .selectFrom('staff_sessions')
          .select('staff_session_id')
          .where('staff_session_id', 'in', ids.slice(from, from + idsPerQuery))
          .where('expires_at', '>', at)
          .execute(),
      );
      for (const row of rows) running.add(row.staff_session_id);
    }
    return running;
  }

  async end(id: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('staff_sessions').where('staff_session_id', '=', id).execute());
  }

  /** @returns the ids of the sessions that ended */
  endAll(ended: EndedSessions): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.deleteFrom('staff_sessions').where('issuer', '=', ended.issuer);
      const which =
        'subject' in ended
          ? query.where('subject', '=', ended.subject)
          : query.where('provider_session', '=', ended.providerSession);
      return (await which.returning('staff_session_id').execute()).map((row) => row.staff_session_id);
    });
  }
}
