import type { ExamChanges, ExamStatus } from '@invigil/protocol/channels';
import { withoutCredentials } from '../model/webhook-url.ts';
import { addAuditEntry } from './audit-entries.ts';
import { hasTakenPart } from './has-taken-part.ts';
import type { RecordsDatabase } from './records-database.ts';

/** Who changes an exam, and when. */
interface ExamAct {
  actor: string;
  at: string;
}

const auditEntry = (examId: string, { actor, at }: ExamAct) => ({ actor, at, sessionId: null, examId });

/** Without the password of a webhook: an entry of the audit log stays forever. */
const audited = (changes: ExamChanges): ExamChanges => {
  const { policy } = changes;
  if (policy === undefined || policy.webhook_url === null) return changes;
  return { ...changes, policy: { ...policy, webhook_url: withoutCredentials(policy.webhook_url) } };
};

const tablesOfExam = [
  'exam_teachers',
  'exam_students',
  'exam_links',
  'student_requests',
  'extra_time_requests',
  'accommodations',
  'lti_exams',
  'lti_items',
  'lti_rosters',
  'lti_members',
  'lti_attempts',
] as const;

/** Changes to exams after their creation; each is noted in the audit log. */
export class ExamSetupRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Changes the given fields. @returns false if the exam's status is none of these (any more) */
  change(examId: string, changes: ExamChanges, statuses: readonly ExamStatus[], by: ExamAct): Promise<boolean> {
    const { teachers, policy, ...fields } = changes;
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('exams')
          // Also takes the row's lock when only the teachers change.
          .set({ exam_id: examId, ...fields, ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }) })
          .where('exam_id', '=', examId)
          .where('status', 'in', statuses)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        if (teachers !== undefined) {
          await transaction.deleteFrom('exam_teachers').where('exam_id', '=', examId).execute();
          const rows = [...new Set(teachers)].map((teacherId) => ({ exam_id: examId, teacher_id: teacherId }));
          await transaction.insertInto('exam_teachers').values(rows).execute();
        }
        await addAuditEntry(transaction, {
          ...auditEntry(examId, by),
          action: 'exam.changed',
          detail: audited(changes),
        });
        return true;
      }),
    );
  }

  /** Deletes an exam that nobody has taken, with all that belongs to it. @returns false if a student has taken part or it is running */
  delete(examId: string, by: ExamAct): Promise<boolean> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        if (await hasTakenPart(transaction, examId, null)) return false;
        const { numDeletedRows } = await transaction
          .deleteFrom('exams')
          .where('exam_id', '=', examId)
          .where('status', 'in', ['SCHEDULED', 'CANCELLED'])
          .executeTakeFirst();
        if (numDeletedRows !== 1n) return false;
        for (const table of tablesOfExam) {
          await transaction.deleteFrom(table).where('exam_id', '=', examId).execute();
        }
        await addAuditEntry(transaction, { ...auditEntry(examId, by), action: 'exam.deleted' });
        return true;
      }),
    );
  }
}
