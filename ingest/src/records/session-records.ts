import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { Session } from '../model/session.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { SessionsTable } from './tables.ts';

export const sessionOf = (row: Selectable<SessionsTable>): Session => ({
  sessionId: row.session_id,
  examId: row.exam_id,
  memberId: row.member_id,
  status: row.status,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

export interface NewSession {
  sessionId: string;
  examId: string | null;
  memberId: string | null;
  startedAt: string;
  /** Who started it, for the audit. */
  actor: string;
}

/** Starting and finding sessions. Ending is `SessionEndRecords`. */
export class SessionRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  find(sessionId: string): Promise<Session | null> {
    return this.#database.run(async (db) => {
      const row = await db.selectFrom('sessions').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    });
  }

  /** The newest sessions of these students in an exam, at most `limit` of each, oldest first. */
  newestOfExam(examId: string, memberIds: readonly string[], limit: number): Promise<Session[]> {
    if (memberIds.length === 0) return Promise.resolve([]);
    return this.#database.run(async (db) => {
      const { rows } = await sql<Selectable<SessionsTable>>`
        select * from sessions where session_id in (
          select session_id from (
            select session_id, row_number() over (partition by member_id order by started_at desc, session_id desc) as place
            from sessions where exam_id = ${examId} and member_id in (${sql.join(memberIds)})
          ) as ranked where place <= ${limit}
        ) order by started_at, session_id`.execute(db);
      return rows.map(sessionOf);
    });
  }

  /** A student's sessions of an exam, oldest first. */
  ofMember(examId: string, memberId: string): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const query = db
        .selectFrom('sessions')
        .selectAll()
        .where('exam_id', '=', examId)
        .where('member_id', '=', memberId);
      return (await query.orderBy('started_at').orderBy('session_id').execute()).map(sessionOf);
    });
  }

  /** Records what the frame store has of a session. The count never falls. */
  async saveFramesStored(sessionId: string, frames: number, head: string | null): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ frames_stored: frames, frames_head: head })
        .where('session_id', '=', sessionId)
        .where('frames_stored', '<', frames)
        .execute(),
    );
  }

  /** Frames that the frame store had at the session's last checkpoint. */
  framesStored(sessionId: string): Promise<number> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select('frames_stored').where('session_id', '=', sessionId);
      return (await query.executeTakeFirst())?.frames_stored ?? 0;
    });
  }

  /** Creates the session unless one with this id exists, which stays unchanged. */
  create(session: NewSession): Promise<void> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { sessionId, examId, memberId, startedAt, actor } = session;
        if (examId !== null) {
          await transaction
            .insertInto('exams')
            .values({ exam_id: examId, created_at: startedAt })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('sessions')
          .values({
            session_id: sessionId,
            exam_id: examId,
            member_id: memberId,
            status: 'running',
            started_at: startedAt,
            ended_at: null,
            end_claim: null,
            end_claim_until: null,
            frames_cleared_at: null,
          })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) return;
        await transaction
          .insertInto('audit')
          .values({ at: startedAt, actor, action: 'session.started', session_id: sessionId })
          .execute();
      }),
    );
  }

  /** Running sessions of exams that are over. */
  runningInFinishedExams(limit: number): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('sessions')
        .innerJoin('exams', 'exams.exam_id', 'sessions.exam_id')
        .selectAll('sessions')
        .where('exams.status', 'in', ['COMPLETED', 'CANCELLED'])
        .where('sessions.status', '=', 'running')
        .limit(limit)
        .execute();
      return rows.map(sessionOf);
    });
  }
}
