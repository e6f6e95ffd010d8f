import { ExamPolicySchema } from '@invigil/protocol/channels';
import type { ExamPolicy } from '@invigil/protocol/channels';
import type { Selectable } from 'kysely';
import * as v from 'valibot';
import type { Principal } from '../model/principal.ts';
import type { Exam } from '../model/exam.ts';
import { transitions } from '../model/exam-status.ts';
import type { ExamStep } from '../model/exam-status.ts';
import { addAuditEntry } from './audit-entries.ts';
import type { ExamsTable } from './exam-tables.ts';
import { Gathered } from './gathered.ts';
import { isOneOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';

const examOf = (row: Selectable<ExamsTable>): Exam => ({
  examId: row.exam_id,
  title: row.title,
  status: row.status,
  createdBy: row.created_by,
  scheduledAt: row.scheduled_at,
  durationMinutes: row.duration_minutes,
  totalQuestions: row.total_questions,
  policy: v.parse(ExamPolicySchema, row.policy === null ? {} : JSON.parse(row.policy)),
  pin: row.pin,
  createdAt: row.created_at,
  openedAt: row.opened_at,
  startedAt: row.started_at,
  completedAt: row.completed_at,
  cancelledAt: row.cancelled_at,
});

const readExams = prepared((db, examIds: readonly string[]) =>
  db
    .selectFrom('exams')
    .selectAll()
    .where(isOneOf(db, 'exam_id', examIds)),
);

export interface NewExam {
  examId: string;
  title: string | null;
  createdBy: string;
  scheduledAt: string | null;
  durationMinutes: number | null;
  totalQuestions: number | null;
  policy: ExamPolicy;
  pin: string;
  teachers: readonly string[];
  createdAt: string;
}

const momentColumn = {
  open: 'opened_at',
  start: 'started_at',
  complete: 'completed_at',
  cancel: 'cancelled_at',
} as const satisfies Record<ExamStep, keyof ExamsTable>;
const stepNames = { open: 'opened', start: 'started', complete: 'completed', cancel: 'cancelled' } as const;

/** Exams and their teachers. */
export class ExamRecords {
  readonly #database: RecordsDatabase;
  readonly #found = new Gathered((examIds: readonly string[]) => this.#findAll(examIds));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  find(examId: string): Promise<Exam | null> {
    return this.#found.add(examId);
  }

  /** A crowd asks for the same few exams. */
  #findAll(examIds: readonly string[]): Promise<(Exam | null)[]> {
    return this.#database.run(async (db) => {
      const rows = await readExams(db, [...new Set(examIds)]);
      const exams = new Map(rows.map((row) => [row.exam_id, examOf(row)]));
      return examIds.map((examId) => exams.get(examId) ?? null);
    });
  }

  findByPin(pin: string): Promise<Exam | null> {
    return this.#database.run(async (db) => {
      const row = await db.selectFrom('exams').selectAll().where('pin', '=', pin).executeTakeFirst();
      return row === undefined ? null : examOf(row);
    });
  }

  /** A teacher's exams, or all; newest first. */
  list(teacherId: string | null, limit: number): Promise<Exam[]> {
    return this.#database.run(async (db) => {
      let query = db
        .selectFrom('exams')
        .selectAll('exams')
        .orderBy('created_at', 'desc')
        .orderBy('exam_id')
        .limit(limit);
      if (teacherId !== null) {
        query = query.where('exam_id', 'in', (own) =>
          own.selectFrom('exam_teachers').select('exam_teachers.exam_id').where('teacher_id', '=', teacherId),
        );
      }
      return (await query.execute()).map(examOf);
    });
  }

  /** Ids of a teacher's exams, or of all; in order. */
  idsOf(teacherId: string | null): Promise<string[]> {
    return this.#database.run(async (db) => {
      const rows =
        teacherId === null
          ? await db.selectFrom('exams').select('exam_id').orderBy('exam_id').execute()
          : await db
              .selectFrom('exam_teachers')
              .select('exam_id')
              .where('teacher_id', '=', teacherId)
              .orderBy('exam_id')
              .execute();
      return rows.map(({ exam_id }) => exam_id);
    });
  }

  /**
   * Which field is already taken, or null if the exam was created. An exam that a student's own session created can be
   * taken over: it keeps its sessions.
   */
  create(exam: NewExam): Promise<'exam_id' | 'pin' | null> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const samePin = transaction.selectFrom('exams').select('exam_id').where('pin', '=', exam.pin);
        if ((await samePin.executeTakeFirst()) !== undefined) return 'pin';
        const row = {
          created_at: exam.createdAt,
          title: exam.title,
          created_by: exam.createdBy,
          status: 'SCHEDULED' as const,
          scheduled_at: exam.scheduledAt,
          duration_minutes: exam.durationMinutes,
          total_questions: exam.totalQuestions,
          policy: JSON.stringify(exam.policy),
          pin: exam.pin,
        };
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('exams')
          .values({ exam_id: exam.examId, ...row })
          .onConflict((conflict) => conflict.column('exam_id').doUpdateSet(row).where('exams.created_by', 'is', null))
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n) return 'exam_id';
        const teachers = exam.teachers.map((teacherId) => ({ exam_id: exam.examId, teacher_id: teacherId }));
        if (teachers.length > 0) await transaction.insertInto('exam_teachers').values(teachers).execute();
        await addAuditEntry(transaction, {
          at: exam.createdAt,
          actor: exam.createdBy,
          action: 'exam.created',
          sessionId: null,
          examId: exam.examId,
        });
        return null;
      }),
    );
  }

  /** Creates the exam as running, because a session in it begins, unless it exists. */
  async createWithSession(examId: string, creator: Principal | null, at: string): Promise<void> {
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('exams')
          .values({ exam_id: examId, created_at: at, created_by: creator?.userId ?? null })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 0n || creator?.role !== 'TEACHER') return;
        await transaction.insertInto('exam_teachers').values({ exam_id: examId, teacher_id: creator.userId }).execute();
      }),
    );
  }

  /** Applies the step unless the exam's status does not allow it (any more): only one replica ever applies it. */
  step(examId: string, step: ExamStep, at: string, actor: string): Promise<boolean> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { from, to } = transitions[step];
        const { numUpdatedRows } = await transaction
          .updateTable('exams')
          .set({ status: to, [momentColumn[step]]: at })
          .where('exam_id', '=', examId)
          .where('status', 'in', from)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        await addAuditEntry(transaction, { at, actor, action: `exam.${stepNames[step]}`, sessionId: null, examId });
        return true;
      }),
    );
  }

  /** Running exams that have a time limit. */
  timed(): Promise<Exam[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exams')
        .selectAll()
        .where('status', '=', 'IN_PROGRESS')
        .where('duration_minutes', 'is not', null)
        .where('started_at', 'is not', null)
        .execute();
      return rows.map(examOf);
    });
  }

  teaches(teacherId: string, examId: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('exam_teachers')
        .select('exam_id')
        .where('exam_id', '=', examId)
        .where('teacher_id', '=', teacherId)
        .executeTakeFirst();
      return row !== undefined;
    });
  }

  teachersOf(examId: string): Promise<string[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_teachers')
        .select('teacher_id')
        .where('exam_id', '=', examId)
        .orderBy('teacher_id')
        .execute();
      return rows.map((row) => row.teacher_id);
    });
  }
}
