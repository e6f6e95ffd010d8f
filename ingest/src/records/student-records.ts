import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import type { Session } from '../model/session.ts';
import { addAuditEntry } from './audit-entries.ts';
import { ErasureRecords } from './erasure-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { sessionOf } from './session-records.ts';
import { studentTables } from './student-tables.ts';
import type { StudentTable } from './student-tables.ts';
import type { Tables } from './tables.ts';

/** A row of any table. */
export type Row = Record<string, unknown>;

/** The names that replace a student and their sessions in the audit. */
export interface Pseudonyms {
  student: string;
  session(sessionId: string): string;
}

/** The audit entry of an erasure. */
export interface ErasureEntry {
  at: string;
  /** Who requested it. */
  actor: string;
  action: 'student.erased' | 'session.erased';
  detail: object;
}

export type RowCounts = Record<string, number>;

/** Few enough rows for one turn of the event loop, even if all are the student's. */
const keysPerRead = 1000;

const bySession = studentTables.filter(({ holds }) => holds === 'session');
const byStudent = studentTables.filter(({ holds }) => holds !== 'session');

/** Selects the student's rows in a table that names the student. */
const isTheirs = ({ column }: StudentTable, memberId: string): RawBuilder<boolean> =>
  sql`${sql.ref(column)} = ${memberId}`;

/**
 * All records about one student. Sessions come in pages, and the data that belongs to them is read and erased a page at
 * a time: a database limits the variables of a statement, and one statement over all sessions would block other
 * requests.
 */
export class StudentRecords {
  readonly #database: RecordsDatabase;
  readonly #erasures: ErasureRecords;

  constructor(database: RecordsDatabase) {
    this.#database = database;
    this.#erasures = new ErasureRecords(database);
  }

  /** The next sessions by id. @param after the last id of the previous page; `''` for the first */
  sessions(memberId: string, after: string, limit: number): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').selectAll().where('member_id', '=', memberId);
      const rows = await query.where('session_id', '>', after).orderBy('session_id').limit(limit).execute();
      return rows.map(sessionOf);
    });
  }

  /** Ids of sessions that have not ended. */
  runningSessions(memberId: string, limit: number): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select('session_id').where('member_id', '=', memberId);
      const rows = await query.where('status', '!=', 'ended').limit(limit).execute();
      return rows.map(({ session_id }) => session_id);
    });
  }

  /** Rows of a session table, or of the audit, that belong to these sessions. */
  rowsOfSessions(table: keyof Tables, sessionIds: readonly string[]): Promise<Row[]> {
    if (sessionIds.length === 0) return Promise.resolve([]);
    return this.#database.run(async (db) => {
      const query = sql<Row>`select * from ${sql.table(table)} where session_id in (${sql.join(sessionIds)})`;
      return (await query.execute(db)).rows;
    });
  }

  /** Rows of a table that names the student; a large table is read in ranges of its key, with other work in between. */
  async *rowsOfStudent(table: StudentTable, memberId: string): AsyncGenerator<Row[]> {
    const all = sql<Row>`select * from ${sql.table(table.table)} where ${isTheirs(table, memberId)}`;
    const read = async (query: RawBuilder<Row>): Promise<Row[]> =>
      (await this.#database.run((db) => query.execute(db))).rows;
    if (table.key === undefined) return yield await read(all);
    const key = sql.ref(table.key);
    const [ends] = await read(
      sql<Row>`select min(${key}) as first, max(${key}) as last from ${sql.table(table.table)} where ${isTheirs(table, memberId)}`,
    );
    if (ends === undefined || ends['last'] === null) return;
    const last = Number(ends['last']);
    for (let from = Number(ends['first']); from <= last; from += keysPerRead) {
      const rows = await read(
        sql<Row>`${all} and ${key} >= ${from} and ${key} < ${from + keysPerRead} order by ${key}`,
      );
      if (rows.length > 0) yield rows;
      await nextTurn();
    }
  }

  /** The student's actions in the audit log outside their own sessions. */
  auditOfActor(memberId: string): Promise<Row[]> {
    return this.#database.run((db) =>
      db
        .selectFrom('audit')
        .selectAll()
        .where('actor', '=', memberId)
        .where((where) =>
          where.or([
            where('session_id', 'is', null),
            where(
              'session_id',
              'not in',
              db.selectFrom('sessions').select('session_id').where('member_id', '=', memberId),
            ),
          ]),
        )
        .orderBy('audit_id')
        .execute(),
    );
  }

  /** Whether any data of the student is stored. */
  async isKnown(memberId: string): Promise<boolean> {
    if ((await this.sessions(memberId, '', 1)).length > 0) return true;
    return this.#database.run(async (db) => {
      const named = await db.selectFrom('audit').select('audit_id').where('actor', '=', memberId).limit(1).execute();
      if (named.length > 0) return true;
      for (const table of byStudent) {
        const query = sql`select 1 from ${sql.table(table.table)} where ${isTheirs(table, memberId)} limit 1`;
        if ((await query.execute(db)).rows.length > 0) return true;
      }
      return false;
    });
  }

  /**
   * Removes the rows of these sessions and replaces their ids in the audit, all or nothing.
   * @param entry the audit entry, when only these sessions are erased
   * @returns the number of deleted rows by table
   */
  eraseSessions(
    sessionIds: readonly string[],
    pseudonyms: Pick<Pseudonyms, 'session'>,
    entry: ErasureEntry | null = null,
  ): Promise<RowCounts> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const counts: RowCounts = {};
        for (const { table, column } of bySession) {
          const their = sql`${sql.ref(column)} in (${sql.join(sessionIds)})`;
          await remove(transaction, table, their, counts);
        }
        for (const sessionId of sessionIds) {
          await transaction
            .updateTable('audit')
            .set({ session_id: pseudonyms.session(sessionId), detail: null })
            .where('session_id', '=', sessionId)
            .execute();
        }
        if (entry !== null) await record(transaction, entry, counts);
        return counts;
      }),
    );
  }

  /**
   * Removes the rows that name the student, replaces their id in the audit, and records the erasure and its time, all or nothing.
   * @param erased rows that were deleted with their sessions
   * @returns the number of deleted rows by table, in all; null if the student has a session again: then nothing is
   * removed
   */
  async eraseStudent(
    memberId: string,
    pseudonyms: Pick<Pseudonyms, 'student'>,
    entry: ErasureEntry,
    erased: RowCounts,
  ): Promise<RowCounts | null> {
    const userHash = await this.#erasures.hashOf(memberId);
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const theirs = transaction.selectFrom('sessions').select('session_id').where('member_id', '=', memberId);
        if ((await theirs.limit(1).execute()).length > 0) return null;
        const counts = { ...erased };
        for (const table of byStudent) await remove(transaction, table.table, isTheirs(table, memberId), counts);
        await transaction
          .updateTable('audit')
          .set({ actor: pseudonyms.student, detail: null })
          .where('actor', '=', memberId)
          .execute();
        await this.#erasures.note(transaction, userHash, entry.at);
        await record(transaction, entry, counts);
        return counts;
      }),
    );
  }

  /** Makes the database overwrite deleted data. */
  overwriteDeleted(): Promise<void> {
    return this.#database.overwriteDeleted([...studentTables.map(({ table }) => table), 'frame_blocks', 'audit']);
  }
}

const remove = async (
  db: Kysely<Tables>,
  table: keyof Tables,
  which: RawBuilder<unknown>,
  counts: RowCounts,
): Promise<void> => {
  const { numAffectedRows } = await sql`delete from ${sql.table(table)} where ${which}`.execute(db);
  if (numAffectedRows !== undefined && numAffectedRows > 0n) {
    counts[table] = (counts[table] ?? 0) + Number(numAffectedRows);
  }
};

const record = async (db: Kysely<Tables>, entry: ErasureEntry, rows: RowCounts): Promise<void> => {
  const { at, actor, action, detail } = entry;
  await addAuditEntry(db, { at, actor, action, sessionId: null, detail: { ...detail, rows } });
};
