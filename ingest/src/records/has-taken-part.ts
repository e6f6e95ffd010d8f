import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/** Whether a student (null: any) of the exam has joined, worked or handed in, or has a session. Their data is then erased, not just removed. */
export const hasTakenPart = async (
  db: Transaction<Tables>,
  examId: string,
  studentId: string | null,
): Promise<boolean> => {
  const enrolments = db
    .selectFrom('exam_students')
    .select('student_id')
    .where('exam_id', '=', examId)
    .where((where) =>
      where.or([
        where('joined_at', 'is not', null),
        where('progress_at', 'is not', null),
        where('submitted_at', 'is not', null),
      ]),
    );
  const attempt = studentId === null ? enrolments : enrolments.where('student_id', '=', studentId);
  if ((await attempt.limit(1).executeTakeFirst()) !== undefined) return true;
  const sessions = db.selectFrom('sessions').select('session_id').where('exam_id', '=', examId);
  const session = studentId === null ? sessions : sessions.where('member_id', '=', studentId);
  if ((await session.limit(1).executeTakeFirst()) !== undefined) return true;
  for (const table of ['exam_answers', 'exam_highlights', 'exam_violations'] as const) {
    const rows = db.selectFrom(table).select('student_id').where('exam_id', '=', examId);
    const work = studentId === null ? rows : rows.where('student_id', '=', studentId);
    if ((await work.limit(1).executeTakeFirst()) !== undefined) return true;
  }
  return false;
};
