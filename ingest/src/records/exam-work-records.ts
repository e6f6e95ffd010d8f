import { sql } from 'kysely';
import type { ViolationType } from '@invigil/protocol/channels';
import type { RecordsDatabase } from './records-database.ts';
import { saveViolationRows } from './violation-rows.ts';
import type { ReportedViolations, ViolationLimits } from './violation-rows.ts';

export interface ExamAnswer {
  questionId: string;
  questionNumber: number;
  answer: string;
  answeredAt: string;
  /** Head of the frame chain that the page sent along; null if it sent none. */
  chain: string | null;
  /** When it was first given while the student was not observed; null: never. */
  unobservedAt: string | null;
}

export interface ViolationCount {
  studentId: string;
  type: ViolationType;
  violations: number;
  lastAt: string;
}

/** Students' work in an exam: answers, highlights, violations. */
export class ExamWorkRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * @param most questions that a student may answer in an exam, and characters of all answers together
   * @returns whether there was an answer to this question before; otherwise the limit that the answer would exceed
   */
  saveAnswer(
    examId: string,
    studentId: string,
    { questionId, questionNumber, answer, answeredAt, chain }: Omit<ExamAnswer, 'unobservedAt'>,
    most: { questions: number; characters: number },
  ): Promise<boolean | 'questions' | 'answerCharacters'> {
    return this.#database.runLocked(`answer ${examId} ${studentId}`, async (transaction) => {
      const { answered, known, others } = await transaction
        .selectFrom('exam_answers')
        .select((row) => [
          row.fn.countAll<number | string>().as('answered'),
          sql<number | string | null>`sum(case when question_id = ${questionId} then 1 else 0 end)`.as('known'),
          sql<number | string | null>`sum(case when question_id = ${questionId} then 0 else length(answer) end)`.as(
            'others',
          ),
        ])
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .executeTakeFirstOrThrow();
      if (Number(known ?? 0) === 0 && Number(answered) >= most.questions) return 'questions';
      if (Number(others ?? 0) + answer.length > most.characters) return 'answerCharacters';
      const { updates } = await transaction
        .insertInto('exam_answers')
        .values({
          exam_id: examId,
          student_id: studentId,
          question_id: questionId,
          question_number: questionNumber,
          answer,
          answered_at: answeredAt,
          chain,
        })
        .onConflict((conflict) =>
          conflict.columns(['exam_id', 'student_id', 'question_id']).doUpdateSet({
            question_number: questionNumber,
            answer,
            answered_at: answeredAt,
            chain,
            updates: sql<number>`exam_answers.updates + 1`,
          }),
        )
        .returning('updates')
        .executeTakeFirstOrThrow();
      return updates > 0;
    });
  }

  answers(examId: string, studentId: string): Promise<ExamAnswer[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_answers')
        .selectAll()
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .orderBy('question_number')
        .orderBy('question_id')
        .execute();
      return rows.map((row) => ({
        questionId: row.question_id,
        questionNumber: row.question_number,
        answer: row.answer,
        answeredAt: row.answered_at,
        chain: row.chain ?? null,
        unobservedAt: row.unobserved_at ?? null,
      }));
    });
  }

  /** Records that an answer was given while the student was not observed. The first time is kept. */
  async markUnobserved(examId: string, studentId: string, questionId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('exam_answers')
        .set({ unobserved_at: at })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where('question_id', '=', questionId)
        .where('unobserved_at', 'is', null)
        .execute(),
    );
  }

  /** Questions answered, by student. */
  answerCounts(examId: string): Promise<Map<string, number>> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_answers')
        .select(['student_id', (row) => row.fn.countAll<number | string>().as('answers')])
        .where('exam_id', '=', examId)
        .groupBy('student_id')
        .execute();
      return new Map(rows.map((row) => [row.student_id, Number(row.answers)]));
    });
  }

  /**
   * @param most highlights that a student may have in an exam, and characters of all of them together
   * @returns the limit that the highlight would exceed, or null if it was saved
   */
  saveHighlight(
    examId: string,
    studentId: string,
    { passageId, text, at }: { passageId: string; text: string; at: string },
    most: { highlights: number; characters: number },
  ): Promise<'highlights' | 'highlightCharacters' | null> {
    return this.#database.runLocked(`highlight ${examId} ${studentId}`, async (transaction) => {
      const { rows, characters } = await transaction
        .selectFrom('exam_highlights')
        .select((row) => [
          row.fn.countAll<number | string>().as('rows'),
          sql<number | string | null>`sum(length(text))`.as('characters'),
        ])
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .executeTakeFirstOrThrow();
      if (Number(rows) >= most.highlights) return 'highlights';
      if (Number(characters ?? 0) + text.length > most.characters) return 'highlightCharacters';
      await transaction
        .insertInto('exam_highlights')
        .values({ exam_id: examId, student_id: studentId, passage_id: passageId, text, at })
        .execute();
      return null;
    });
  }

  highlights(examId: string, studentId: string): Promise<{ passageId: string; text: string; at: string }[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_highlights')
        .select(['passage_id', 'text', 'at'])
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .orderBy('highlight_id')
        .execute();
      return rows.map((row) => ({ passageId: row.passage_id, text: row.text, at: row.at }));
    });
  }

  /**
   * Saves violations of one type at once. Repeating it saves nothing, in whatever order the times of several calls come.
   * @param seen how they were reported, and when they were detected: ascending, at least `intervalMs` apart
   * @returns how many are new: those at least `intervalMs` from every one saved before and without a counterpart that was reported the other
   * way; and how many were beyond `most`
   */
  saveViolations(
    examId: string,
    studentId: string,
    type: ViolationType,
    seen: ReportedViolations,
    limits: ViolationLimits,
  ): Promise<{ saved: number; beyond: number }> {
    return this.#database.runLocked(`violation ${examId} ${studentId}`, (transaction) =>
      saveViolationRows(transaction, { exam_id: examId, student_id: studentId, violation_type: type }, seen, limits),
    );
  }

  /** Whether this replica may publish the type now: no replica has published it after `sinceAt`. */
  claimViolationEvent(
    examId: string,
    studentId: string,
    violationType: ViolationType,
    at: string,
    sinceAt: string,
  ): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('exam_violation_counts')
        .set({ sent_at: at })
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where('violation_type', '=', violationType)
        .where('sent_at', '<=', sinceAt)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Number of each type: of one student, or of all. */
  violationCounts(examId: string, studentId: string | null): Promise<ViolationCount[]> {
    return this.#database.run(async (db) => {
      let query = db.selectFrom('exam_violation_counts').selectAll().where('exam_id', '=', examId);
      if (studentId !== null) query = query.where('student_id', '=', studentId);
      return (await query.execute()).map((row) => ({
        studentId: row.student_id,
        type: row.violation_type,
        violations: row.violations,
        lastAt: row.last_at,
      }));
    });
  }
}
