import type { Transaction } from 'kysely';
import { addAuditEntries, addAuditEntry } from './audit-entries.ts';
import type { OnGuidanceAct } from './guidance-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

export interface GivenTime {
  examId: string;
  /** Negative to take extra time back. */
  minutes: number;
  /** Null for all students of the exam. */
  studentIds: readonly string[] | null;
  /** Chosen by the client, so that a repeated request adds nothing. */
  requestId: string | null;
  actor: string;
  /** ISO 8601. */
  at: string;
}

/** Extra time and its audit entries, all or nothing. */
export class ExtraTimeRecords {
  readonly #database: RecordsDatabase;
  readonly #onAct: OnGuidanceAct;

  /** @param onAct called for each running session in which it is recorded */
  constructor(database: RecordsDatabase, onAct: OnGuidanceAct = () => undefined) {
    this.#database = database;
    this.#onAct = onAct;
  }

  /**
   * Adds to earlier extra time, which never falls below 0.
   * @returns the number of students who got it, also for a repeated request; `refused` if the exam is over, has no time limit, or
   * would become shorter than a minute
   */
  async give(given: GivenTime): Promise<number | 'refused'> {
    const { examId, requestId, minutes, studentIds, at } = given;
    let sessionIds: string[] = [];
    const students = await this.#database.runLocked(`extra time ${examId}`, async (transaction) => {
      const known = requestId === null ? undefined : await earlier(transaction, examId, requestId);
      if (known !== undefined) return known.students;
      const gave =
        studentIds === null
          ? await addForAll(transaction, examId, minutes)
          : await addForSome(transaction, examId, studentIds, minutes);
      if (gave === null) return 'refused';
      sessionIds = await note(transaction, given, gave);
      if (requestId !== null) {
        const row = { exam_id: examId, request_id: requestId, students: gave.length };
        await transaction.insertInto('extra_time_requests').values(row).execute();
      }
      return gave.length;
    });
    for (const sessionId of sessionIds)
      this.#onAct(sessionId, { action: 'session.extra_time', detail: { minutes } }, at);
    return students;
  }
}

const earlier = (db: Transaction<Tables>, examId: string, requestId: string) =>
  db
    .selectFrom('extra_time_requests')
    .select('students')
    .where('exam_id', '=', examId)
    .where('request_id', '=', requestId)
    .executeTakeFirst();

/** Makes the exam longer, or shorter. @returns all its students; null if that is refused */
const addForAll = async (db: Transaction<Tables>, examId: string, minutes: number): Promise<string[] | null> => {
  const { numUpdatedRows } = await db
    .updateTable('exams')
    .set((row) => ({ duration_minutes: row('duration_minutes', '+', minutes) }))
    .where('exam_id', '=', examId)
    .where('status', 'in', ['SCHEDULED', 'WAITING', 'IN_PROGRESS'])
    .where('duration_minutes', '>', -minutes)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return null;
  const rows = await db.selectFrom('exam_students').select('student_id').where('exam_id', '=', examId).execute();
  return rows.map((row) => row.student_id);
};

/** @returns those among the students who are enrolled */
const addForSome = async (
  db: Transaction<Tables>,
  examId: string,
  studentIds: readonly string[],
  minutes: number,
): Promise<string[]> => {
  const rows = await db
    .updateTable('exam_students')
    .set((row) => ({
      extra_minutes: row
        .case()
        .when('extra_minutes', '<', -minutes)
        .then(0)
        .else(row('extra_minutes', '+', minutes))
        .end(),
    }))
    .where('exam_id', '=', examId)
    .where('student_id', 'in', studentIds)
    .returning('student_id')
    .execute();
  return rows.map((row) => row.student_id);
};

/**
 * The students' ids are not part of the exam's entry, because it is kept after they are erased. Their running sessions have entries of their own.
 * @returns those sessions
 */
const note = async (
  db: Transaction<Tables>,
  { examId, minutes, studentIds, actor, at }: GivenTime,
  gave: readonly string[],
): Promise<string[]> => {
  const entry = { at, actor, examId };
  const detail = { minutes, students: studentIds === null ? null : gave.length };
  await addAuditEntry(db, { ...entry, sessionId: null, action: 'exam.extra_time', detail });
  const running = db
    .selectFrom('sessions')
    .select('session_id')
    .where('exam_id', '=', examId)
    .where('status', '=', 'running');
  const theirs = studentIds === null ? running : running.where('member_id', 'in', gave.length === 0 ? [''] : gave);
  const sessionIds = (await theirs.orderBy('session_id').execute()).map((row) => row.session_id);
  await addAuditEntries(
    db,
    sessionIds.map((sessionId) => ({ ...entry, sessionId, action: 'session.extra_time', detail: { minutes } })),
  );
  return sessionIds;
};
