import { CheckResultsSchema } from '@invigil/protocol/channels';
import type { CheckResults } from '@invigil/protocol/channels';
import { sql } from 'kysely';
import type { Selectable, SqlBool } from 'kysely';
import * as v from 'valibot';
import type { ExamProgress, ExamStudent, ExamSubmission } from '../model/exam.ts';
import { addAuditEntry } from './audit-entries.ts';
import type { ExamStudentsTable } from './exam-tables.ts';
import { Gathered } from './gathered.ts';
import { groupBy } from './group-by.ts';
import { isOneOf, rowsOf } from './list-parameter.ts';
import { hasTakenPart } from './has-taken-part.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';

const studentOf = (row: Selectable<ExamStudentsTable>): ExamStudent => ({
  studentId: row.student_id,
  studentName: row.student_name,
  joinedAt: row.joined_at,
  progress:
    row.passage_index === null || row.question_index === null || row.question_number === null
      ? null
      : { passageIndex: row.passage_index, questionIndex: row.question_index, questionNumber: row.question_number },
  submission:
    row.submitted_at === null || row.time_taken_seconds === null
      ? null
      : {
          submittedAt: row.submitted_at,
          score: row.score,
          timeTakenSeconds: row.time_taken_seconds,
          chain: row.submitted_chain ?? null,
        },
  check:
    row.checked_at === null || row.check_results === null
      ? null
      : { ...v.parse(CheckResultsSchema, JSON.parse(row.check_results)), checkedAt: row.checked_at },
  extraMinutes: row.extra_minutes,
});

interface StudentKey {
  examId: string;
  studentId: string;
}

const studentKeyTypes = { exam_id: 'text', student_id: 'text' } as const;
const keyOf = (examId: string, studentId: string): string => JSON.stringify([examId, studentId]);

const readNames = prepared((db, keys: readonly (readonly string[])[]) =>
  db
    .selectFrom('exam_students')
    .select(['exam_id', 'student_id', 'student_name'])
    .where(sql<SqlBool>`(exam_id, student_id) in (${rowsOf(db, studentKeyTypes, keys)})`)
    .where('student_name', 'is not', null),
);

const readStudents = prepared((db, examId: string, studentIds: readonly string[]) =>
  db
    .selectFrom('exam_students')
    .selectAll()
    .where('exam_id', '=', examId)
    .where(isOneOf(db, 'student_id', studentIds)),
);

/** Enrolments and attempts: students, their progress and their submissions. */
export class ExamStudentRecords {
  readonly #database: RecordsDatabase;
  readonly #found = new Gathered((keys: readonly StudentKey[]) => this.#findAll(keys));
  readonly #named = new Gathered((keys: readonly StudentKey[]) => this.#namesOf(keys));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  find(examId: string, studentId: string): Promise<ExamStudent | null> {
    return this.#found.add({ examId, studentId });
  }

  /** The student's name; null if there is none. Reads only names, those of a crowd together. */
  nameOf(examId: string, studentId: string): Promise<string | null> {
    return this.#named.add({ examId, studentId });
  }

  #namesOf(keys: readonly StudentKey[]): Promise<(string | null)[]> {
    const wanted = keys.map(({ examId, studentId }) => [examId, studentId]);
    return this.#database.run(async (db) => {
      const rows = await readNames(db, wanted);
      const names = new Map(rows.map((row) => [keyOf(row.exam_id, row.student_id), row.student_name]));
      return keys.map(({ examId, studentId }) => names.get(keyOf(examId, studentId)) ?? null);
    });
  }

  #findAll(keys: readonly StudentKey[]): Promise<(ExamStudent | null)[]> {
    const ofExams = groupBy(keys, ({ examId }) => examId);
    return this.#database.run(async (db) => {
      const found = new Map<string, Map<string, ExamStudent>>();
      for (const [examId, ofExam] of ofExams) {
        const studentIds = ofExam.map(({ studentId }) => studentId);
        const rows = await readStudents(db, examId, studentIds);
        found.set(examId, new Map(rows.map((row) => [row.student_id, studentOf(row)])));
      }
      return keys.map(({ examId, studentId }) => found.get(examId)?.get(studentId) ?? null);
    });
  }

  list(examId: string): Promise<ExamStudent[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('exam_students').selectAll().where('exam_id', '=', examId).orderBy('student_id');
      return (await query.execute()).map(studentOf);
    });
  }

  /** A new name replaces the known one; nothing else of an enrolment changes. */
  async enrol(examId: string, students: readonly { id: string; name: string | null }[], at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .insertInto('exam_students')
        .values(
          students.map(({ id, name }) => ({ exam_id: examId, student_id: id, student_name: name, enrolled_at: at })),
        )
        .onConflict((conflict) =>
          conflict.columns(['exam_id', 'student_id']).doUpdateSet((row) => ({
            student_name: row.fn.coalesce('excluded.student_name', 'exam_students.student_name'),
          })),
        )
        .execute(),
    );
  }

  async saveProgress(examId: string, studentId: string, progress: ExamProgress, at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('exam_students')
        .set({
          passage_index: progress.passageIndex,
          question_index: progress.questionIndex,
          question_number: progress.questionNumber,
          progress_at: at,
        })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .execute(),
    );
  }

  /** Whether this replica may publish the progress now: no replica has published it after `sinceAt`. */
  claimProgressEvent(examId: string, studentId: string, at: string, sinceAt: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('exam_students')
        .set({ progress_sent_at: at })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where((where) => where.or([where('progress_sent_at', 'is', null), where('progress_sent_at', '<=', sinceAt)]))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  async saveCheck(examId: string, studentId: string, results: CheckResults, at: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.run((db) =>
      db
        .updateTable('exam_students')
        .set({ checked_at: at, check_results: JSON.stringify(results) })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .executeTakeFirst(),
    );
    return numUpdatedRows > 0n;
  }

  /** The longest extra time of a student of the exam, minutes. */
  longestExtraTime(examId: string): Promise<number> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('exam_students')
        .select((select) => select.fn.max('extra_minutes').as('longest'))
        .where('exam_id', '=', examId)
        .executeTakeFirst();
      return Number(row?.longest ?? 0);
    });
  }

  /** Removes a student's enrolment unless they have taken part. */
  remove(
    examId: string,
    studentId: string,
    { actor, at }: { actor: string; at: string },
  ): Promise<'removed' | 'unknown' | 'has_taken_part'> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('exam_students')
          // Takes the row's lock, so that no hand-in comes in between.
          .set({ student_id: studentId })
          .where('exam_id', '=', examId)
          .where('student_id', '=', studentId)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return 'unknown';
        if (await hasTakenPart(transaction, examId, studentId)) return 'has_taken_part';
        for (const table of ['exam_links', 'student_requests', 'exam_students'] as const) {
          await transaction
            .deleteFrom(table)
            .where('exam_id', '=', examId)
            .where('student_id', '=', studentId)
            .execute();
        }
        await transaction
          .deleteFrom('accommodations')
          .where('exam_id', '=', examId)
          .where('member_id', '=', studentId)
          .execute();
        // Without the student's id: nothing else about them remains.
        await addAuditEntry(transaction, { at, actor, action: 'exam.student_removed', sessionId: null, examId });
        return 'removed';
      }),
    );
  }

  /** False if it was submitted before; the first submission stands. */
  submit(
    examId: string,
    studentId: string,
    { submittedAt, timeTakenSeconds, score, chain }: ExamSubmission,
  ): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('exam_students')
        .set({ submitted_at: submittedAt, time_taken_seconds: timeTakenSeconds, score, submitted_chain: chain })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where('submitted_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }
}
