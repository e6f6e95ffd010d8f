import type { Selectable } from 'kysely';
import type { StudentRequest } from '../model/exam.ts';
import type { ExamTables } from './exam-tables.ts';
import type { RecordsDatabase } from './records-database.ts';

const requestOf = (row: Selectable<ExamTables['student_requests']>): StudentRequest => ({
  requestId: row.request_id,
  kind: row.kind,
  studentId: row.student_id,
  text: row.text,
  at: row.at,
  doneAt: row.done_at,
  doneBy: row.done_by,
});

/** Newest requests that are listed for an exam. */
const listLimit = 1000;

/** Students' requests for help and for erasure. */
export class StudentRequestRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** False if the student already has that many requests in the exam. */
  add(examId: string, { requestId, kind, studentId, text, at }: StudentRequest, limit: number): Promise<boolean> {
    return this.#database.runLocked(`student-requests ${examId} ${studentId}`, async (transaction) => {
      const { made } = await transaction
        .selectFrom('student_requests')
        .select((row) => row.fn.countAll<number>().as('made'))
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .executeTakeFirstOrThrow();
      if (Number(made) >= limit) return false;
      await transaction
        .insertInto('student_requests')
        .values({ request_id: requestId, exam_id: examId, student_id: studentId, kind, text, at })
        .execute();
      return true;
    });
  }

  /** Newest first. */
  list(examId: string): Promise<StudentRequest[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('student_requests').selectAll().where('exam_id', '=', examId);
      const rows = await query.orderBy('at', 'desc').orderBy('request_id').limit(listLimit).execute();
      return rows.map(requestOf);
    });
  }

  /** The first teacher who marks it done is kept. @returns false if there is no such request */
  finish(examId: string, requestId: string, actor: string, at: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('student_requests')
        .set((row) => ({
          done_at: row.fn.coalesce('done_at', row.val(at)),
          done_by: row.fn.coalesce('done_by', row.val(actor)),
        }))
        .where('exam_id', '=', examId)
        .where('request_id', '=', requestId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    });
  }
}
