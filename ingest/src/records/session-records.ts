import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { LiveFrameCoverage } from '@invigil/protocol/channels';
import type { Session } from '../model/session.ts';
import { addAuditEntry } from './audit-entries.ts';
import { Gathered } from './gathered.ts';
import { isOneOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';
import { isOtherChain, recordedCoverage, saveFrames } from './stored-frames.ts';
import type { FramesStored, SessionFrames } from './stored-frames.ts';
import type { SessionsTable, Tables } from './tables.ts';

/** The columns of `sessionOf`. */
const sessionColumns = ['session_id', 'exam_id', 'member_id', 'status', 'started_at', 'ended_at'] as const;

export const sessionOf = (row: Pick<Selectable<SessionsTable>, (typeof sessionColumns)[number]>): Session => ({
  sessionId: row.session_id,
  examId: row.exam_id,
  memberId: row.member_id,
  status: row.status,
  startedAt: row.started_at,
  endedAt: row.ended_at,
});

const readSessions = prepared((db, sessionIds: readonly string[]) =>
  db
    .selectFrom('sessions')
    .select(sessionColumns)
    .where(isOneOf(db, 'session_id', sessionIds)),
);

/** A session as an exam lists it. */
export interface ListedSession extends Session {
  /** False until the first checkpoint with frames. */
  hasFrames: boolean;
  /** As of the last checkpoint; null before it. */
  coverage: LiveFrameCoverage | null;
}

export interface NewSession {
  sessionId: string;
  examId: string | null;
  memberId: string | null;
  startedAt: string;
  /** Who started it, for the audit. */
  actor: string;
}

/** @returns false if the id is taken, or the student already has a running session in the exam */
const insertSession = async (
  transaction: Transaction<Tables>,
  { sessionId, examId, memberId, startedAt, actor }: NewSession,
  isCurrent: 1 | null,
): Promise<boolean> => {
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
      is_current: isCurrent,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 0n) return false;
  await addAuditEntry(transaction, { at: startedAt, actor, action: 'session.started', sessionId });
  return true;
};

/** Creates and finds sessions. `SessionEndRecords` ends them. */
export class SessionRecords {
  readonly #database: RecordsDatabase;
  readonly #found = new Gathered((sessionIds: readonly string[]) => this.#findAll(sessionIds));
  readonly #saved = new Gathered((stored: readonly SessionFrames[]) => this.#saveAll(stored));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  find(sessionId: string): Promise<Session | null> {
    return this.#found.add(sessionId);
  }

  #findAll(sessionIds: readonly string[]): Promise<(Session | null)[]> {
    return this.#database.run(async (db) => {
      const rows = await readSessions(db, sessionIds);
      const byId = new Map(rows.map((row) => [row.session_id, sessionOf(row)]));
      return sessionIds.map((sessionId) => byId.get(sessionId) ?? null);
    });
  }

  /** The newest sessions of these students in an exam, at most `limit` of each, oldest first. */
  newestOfExam(examId: string, memberIds: readonly string[], limit: number): Promise<ListedSession[]> {
    if (memberIds.length === 0) return Promise.resolve([]);
    return this.#database.run(async (db) => {
      const { rows } = await sql<Selectable<SessionsTable>>`
        select * from sessions where session_id in (
          select session_id from (
            select session_id, row_number() over (partition by member_id order by started_at desc, session_id desc) as place
            from sessions where exam_id = ${examId} and member_id in (${sql.join(memberIds)})
          ) as ranked where place <= ${limit}
        ) order by started_at, session_id`.execute(db);
      return rows.map((row) => ({
        ...sessionOf(row),
        hasFrames: row.frames_stored + row.frames_gone > 0,
        coverage: recordedCoverage(row),
      }));
    });
  }

  /** The student's browser was verified. Only the first time counts. */
  async browserVerified(sessionId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ browser_verified_at: at })
        .where('session_id', '=', sessionId)
        .where('browser_verified_at', 'is', null)
        .execute(),
    );
  }

  /** When the student's browser was verified first, null if it was not; and the frames that `saveFramesRefused` recorded. */
  noted(sessionId: string): Promise<{ browserVerifiedAt: string | null; framesRefused: number }> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select(['browser_verified_at', 'frames_refused']);
      const row = await query.where('session_id', '=', sessionId).executeTakeFirst();
      return { browserVerifiedAt: row?.browser_verified_at ?? null, framesRefused: row?.frames_refused ?? 0 };
    });
  }

  /** The exam's running sessions, of all students or of some. */
  runningOfExam(examId: string, memberIds: readonly string[] | null): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').selectAll().where('exam_id', '=', examId).where('status', '=', 'running');
      const chosen = memberIds === null ? query : query.where('member_id', 'in', memberIds);
      return (await chosen.orderBy('session_id').execute()).map(sessionOf);
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

  /**
   * Records the frame store's state of a session. If the store has begun another chain, it has lost the previous chain's frames. Replicas
   * record in any order, so a lower count of the same chain changes nothing here; `framesMissing` reports it.
   */
  saveFramesStored(sessionId: string, stored: FramesStored): Promise<void> {
    return this.#saved.add({ sessionId, stored });
  }

  /** In one transaction, so that the checkpoints of many sessions wait for the disk once. */
  async #saveAll(all: readonly SessionFrames[]): Promise<void[]> {
    // In the order of their ids, so that replicas which save the same sessions cannot block each other.
    const inOrder = all.toSorted((a, b) => (a.sessionId < b.sessionId ? -1 : Number(a.sessionId > b.sessionId)));
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        for (const { sessionId, stored } of inOrder) await saveFrames(transaction, sessionId, stored);
      }),
    );
    return all.map(() => undefined);
  }

  /** Number of frames that the store had at a checkpoint and no longer has. */
  async framesMissing(sessionId: string, { frames, chain }: FramesStored): Promise<number> {
    return this.#database.run(async (db) => {
      const query = db
        .selectFrom('sessions')
        .select(['frames_stored', 'frames_nonce', 'frames_gone'])
        .where('session_id', '=', sessionId);
      const known = await query.executeTakeFirst();
      if (known === undefined) return 0;
      const { frames_gone: gone, frames_stored: stored } = known;
      return gone + (isOtherChain(known, chain?.nonce ?? null) ? stored : Math.max(0, stored - frames));
    });
  }

  /** Records how many frames arrived before the session's end but could no longer be stored. Totals only grow. */
  async saveFramesRefused(sessionId: string, total: number): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ frames_refused: total })
        .where('session_id', '=', sessionId)
        .where('frames_refused', '<', total)
        .execute(),
    );
  }

  /** Ids of sessions that have not ended, ascending, after one of them. */
  openIds(after: string, limit: number): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select('session_id').where('status', 'in', ['running', 'ending']);
      const rows = await query.where('session_id', '>', after).orderBy('session_id').limit(limit).execute();
      return rows.map(({ session_id }) => session_id);
    });
  }

  /** Those of the sessions whose frames have not been cleared. */
  withFrames(sessionIds: readonly string[]): Promise<string[]> {
    if (sessionIds.length === 0) return Promise.resolve([]);
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select('session_id').where('session_id', 'in', sessionIds);
      return (await query.where('frames_cleared_at', 'is', null).execute()).map(({ session_id }) => session_id);
    });
  }

  /** Whether any student of the exam has a session. */
  hasSessions(examId: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('sessions').select('session_id').where('exam_id', '=', examId).limit(1);
      return (await query.executeTakeFirst()) !== undefined;
    });
  }

  /** Creates the session unless one with this id exists, which stays unchanged. */
  async create(session: NewSession): Promise<void> {
    await this.#database.run((db) =>
      db.transaction().execute((transaction) => insertSession(transaction, session, null)),
    );
  }

  /**
   * Creates the session unless its student has a running one in the exam. Atomic: of several simultaneous calls, on any replicas, one
   * creates a session.
   * @param mostSince refuses to create more than `limit` sessions that started after `after`
   */
  createCurrent(
    session: NewSession & { examId: string; memberId: string },
    { after, limit }: { after: string; limit: number },
  ): Promise<'created' | 'running' | 'too_many'> {
    const { examId, memberId } = session;
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { started } = await transaction
          .selectFrom('sessions')
          .select((row) => row.fn.countAll<number | string>().as('started'))
          .where('exam_id', '=', examId)
          .where('member_id', '=', memberId)
          .where('started_at', '>', after)
          .executeTakeFirstOrThrow();
        if (Number(started) >= limit) return 'too_many';
        return (await insertSession(transaction, session, 1)) ? 'created' : 'running';
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
