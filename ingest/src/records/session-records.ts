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
  /** Who asked, for the audit. */
  actor: string;
}

/** What is to be kept of a session when it has ended. */
export interface EndedSession {
  session: Session;
  endedAt: string;
  rulesVersion: string;
  report: string;
  dumpFile: string;
  actor: string;
}

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

  /** All sittings of an exam, oldest first. */
  ofExam(examId: string): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').selectAll().where('exam_id', '=', examId);
      return (await query.orderBy('started_at').orderBy('session_id').execute()).map(sessionOf);
    });
  }

  /** Creates the session unless there is one with this id; the existing one is left as it is. */
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

  /** Makes the session `ending` for the holder of `claim`. False when it has ended or somebody else is ending it. */
  claimEnd(sessionId: string, claim: string, nowMs: number, claimMs: number): Promise<boolean> {
    const now = new Date(nowMs).toISOString();
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ status: 'ending', end_claim: claim, end_claim_until: new Date(nowMs + claimMs).toISOString() })
        .where('session_id', '=', sessionId)
        .where((where) =>
          where.or([
            where('status', '=', 'running'),
            where.and([
              where('status', '=', 'ending'),
              where.or([where('end_claim_until', 'is', null), where('end_claim_until', '<', now)]),
            ]),
          ]),
        )
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Keeps the claim for longer. False when it was lost. */
  keepEnd(sessionId: string, claim: string, nowMs: number, claimMs: number): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ end_claim_until: new Date(nowMs + claimMs).toISOString() })
        .where('session_id', '=', sessionId)
        .where('end_claim', '=', claim)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Lets others try at once, after a failure. The session stays `ending`. */
  async releaseEnd(sessionId: string, claim: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ end_claim: null, end_claim_until: null })
        .where('session_id', '=', sessionId)
        .where('end_claim', '=', claim)
        .execute(),
    );
  }

  /** Keeps the report and makes the session `ended`, both or neither. False when the claim was lost. */
  finishEnd(ended: EndedSession, claim: string): Promise<boolean> {
    const { session, endedAt } = ended;
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('sessions')
          .set({ status: 'ended', ended_at: endedAt, end_claim: null, end_claim_until: null })
          .where('session_id', '=', session.sessionId)
          .where('end_claim', '=', claim)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        await transaction
          .insertInto('exam_analyses')
          .values({
            session_id: session.sessionId,
            version: 1,
            exam_id: session.examId,
            member_id: session.memberId,
            rules_version: ended.rulesVersion,
            report: ended.report,
            dump_file: ended.dumpFile,
            created_at: endedAt,
          })
          .execute();
        await transaction
          .insertInto('audit')
          .values({ at: endedAt, actor: ended.actor, action: 'session.ended', session_id: session.sessionId })
          .execute();
        return true;
      }),
    );
  }

  async markFramesCleared(sessionId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('sessions').set({ frames_cleared_at: at }).where('session_id', '=', sessionId).execute(),
    );
  }

  /** Sessions whose end was begun and not finished, whose frames are still to be cleared, or that began before `startedBefore`. */
  unfinished(startedBefore: string, limit: number): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where((where) =>
          where.or([
            where('status', '=', 'ending'),
            where.and([where('status', '=', 'ended'), where('frames_cleared_at', 'is', null)]),
            where.and([where('status', '=', 'running'), where('started_at', '<', startedBefore)]),
          ]),
        )
        .limit(limit)
        .execute();
      return rows.map(sessionOf);
    });
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
