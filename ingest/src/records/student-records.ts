import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Session } from '../model/session.ts';
import type { RecordsDatabase } from './records-database.ts';
import { sessionOf } from './session-records.ts';
import { studentTables } from './student-tables.ts';
import type { StudentTable } from './student-tables.ts';
import type { Tables } from './tables.ts';

/** A row of any table. */
export type Row = Record<string, unknown>;

/** Under which names the audit goes on where it named the student and their sessions. */
export interface Pseudonyms {
  student: string;
  session(sessionId: string): string;
}

export interface Erasure {
  memberId: string;
  /** Sessions whose frames are cleared. */
  sessionIds: readonly string[];
  pseudonyms: Pseudonyms;
  at: string;
  /** Who asked for it. */
  actor: string;
  /** For the audit. */
  detail: object;
}

/** Which rows of a table are the student's. */
const isTheirs = (
  { column, holds }: StudentTable,
  memberId: string,
  sessionIds: readonly string[],
): RawBuilder<boolean> => {
  const is = sql.ref(column);
  if (holds === 'member') return sql`${is} = ${memberId}`;
  if (holds === 'agent') {
    // A label has no dot, an id may have some: what ends alike but has more dots is somebody else. No `like`: SQLite's ignores case.
    const end = `.${memberId}`;
    const dots = end.split('.').length - 1;
    return sql`substr(${is}, length(${is}) - ${end.length - 1}) = ${end}
      and length(${is}) - length(replace(${is}, '.', '')) = ${dots}`;
  }
  if (sessionIds.length === 0) return sql`1 = 0`;
  return sql`${is} in (${sql.join(sessionIds)})`;
};

/** Everything that the records hold of one student. */
export class StudentRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  sessions(memberId: string): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const rows = await db.selectFrom('sessions').selectAll().where('member_id', '=', memberId).execute();
      return rows.map(sessionOf);
    });
  }

  /** All rows, by table; tables without any are left out. */
  async all(memberId: string): Promise<Record<string, Row[]>> {
    const sessionIds = (await this.sessions(memberId)).map(({ sessionId }) => sessionId);
    return this.#database.run(async (db) => {
      const found: Record<string, Row[]> = {};
      for (const table of studentTables) {
        const { rows } =
          await sql<Row>`select * from ${sql.table(table.table)} where ${isTheirs(table, memberId, sessionIds)}`.execute(
            db,
          );
        if (rows.length > 0) found[table.table] = rows;
      }
      const { rows } = await sql<Row>`select * from audit where actor = ${memberId} ${
        sessionIds.length === 0 ? sql`` : sql`or session_id in (${sql.join(sessionIds)})`
      } order by audit_id`.execute(db);
      if (rows.length > 0) found['audit'] = rows;
      return found;
    });
  }

  /**
   * Removes all rows, puts pseudonyms into the audit, and writes down that it happened, all or nothing.
   * @returns how many rows went, by table; null where a session has begun that is not among those cleared: then nothing is removed.
   */
  erase({ memberId, sessionIds, pseudonyms, at, actor, detail }: Erasure): Promise<Record<string, number> | null> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const theirs = transaction.selectFrom('sessions').select('session_id').where('member_id', '=', memberId);
        if ((await theirs.execute()).some((row) => !sessionIds.includes(row.session_id))) return null;
        const counts: Record<string, number> = {};
        for (const table of studentTables) {
          const { numAffectedRows } =
            await sql`delete from ${sql.table(table.table)} where ${isTheirs(table, memberId, sessionIds)}`.execute(
              transaction,
            );
          if (numAffectedRows !== undefined && numAffectedRows > 0n) counts[table.table] = Number(numAffectedRows);
        }
        await pseudonymise(transaction, memberId, sessionIds, pseudonyms);
        await transaction
          .insertInto('audit')
          .values({
            at,
            actor,
            action: 'student.erased',
            session_id: null,
            detail: JSON.stringify({ ...detail, rows: counts }),
          })
          .execute();
        return counts;
      }),
    );
  }

  /** Makes the database overwrite what it has deleted. */
  overwriteDeleted(): Promise<void> {
    return this.#database.overwriteDeleted([...studentTables.map(({ table }) => table), 'audit']);
  }
}

/** Who did what and when stays; whom it was about does not, nor any text that was written about them. */
const pseudonymise = async (
  db: Kysely<Tables>,
  memberId: string,
  sessionIds: readonly string[],
  pseudonyms: Pseudonyms,
): Promise<void> => {
  for (const sessionId of sessionIds) {
    await db
      .updateTable('audit')
      .set({ session_id: pseudonyms.session(sessionId), detail: null })
      .where('session_id', '=', sessionId)
      .execute();
  }
  await db
    .updateTable('audit')
    .set({ actor: pseudonyms.student, detail: null })
    .where('actor', '=', memberId)
    .execute();
};
