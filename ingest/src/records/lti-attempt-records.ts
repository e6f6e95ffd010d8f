import type { Selectable } from 'kysely';
import type { LtiAttempt, LtiResourceLink } from '../model/lti-platform.ts';
import type { LtiTables } from './lti-tables.ts';
import type { RecordsDatabase } from './records-database.ts';

const attemptOf = (row: Selectable<LtiTables['lti_attempts']>): LtiAttempt => ({
  attemptId: row.attempt_id,
  platformId: row.platform_id,
  deploymentId: row.deployment_id,
  resourceLinkId: row.resource_link_id,
  attemptNumber: row.attempt_number,
  examId: row.exam_id,
  studentId: row.student_id,
  subject: row.subject,
  startAssessmentUrl: row.start_assessment_url,
  sessionData: row.session_data,
  controlUrl: row.control_url,
  controlActions: JSON.parse(row.control_actions) as string[],
  createdAt: row.created_at,
  endedAt: row.ended_at,
});

/** Attempts at assessments of platforms that are proctored here. */
export class LtiAttemptRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** A repeated start replaces what the platform sent with the first one. Null if the attempt has ended. */
  async start(attempt: LtiAttempt): Promise<LtiAttempt | null> {
    const sent = {
      start_assessment_url: attempt.startAssessmentUrl,
      session_data: attempt.sessionData,
      control_url: attempt.controlUrl,
      control_actions: JSON.stringify(attempt.controlActions),
    };
    return this.#database.run(async (db) => {
      await db
        .insertInto('lti_attempts')
        .values({
          ...sent,
          attempt_id: attempt.attemptId,
          platform_id: attempt.platformId,
          deployment_id: attempt.deploymentId,
          resource_link_id: attempt.resourceLinkId,
          attempt_number: attempt.attemptNumber,
          exam_id: attempt.examId,
          student_id: attempt.studentId,
          subject: attempt.subject,
          created_at: attempt.createdAt,
          ended_at: null,
        })
        .onConflict((conflict) =>
          conflict
            .columns(['platform_id', 'deployment_id', 'resource_link_id', 'student_id', 'attempt_number'])
            .doUpdateSet(sent),
        )
        .execute();
      const kept = await this.find(attempt, attempt.studentId, attempt.attemptNumber);
      return kept?.endedAt === null ? kept : null;
    });
  }

  find(link: LtiResourceLink, studentId: string, attemptNumber: number): Promise<LtiAttempt | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_attempts')
        .selectAll()
        .where('platform_id', '=', link.platformId)
        .where('deployment_id', '=', link.deploymentId)
        .where('resource_link_id', '=', link.resourceLinkId)
        .where('student_id', '=', studentId)
        .where('attempt_number', '=', attemptNumber)
        .executeTakeFirst();
      return row === undefined ? null : attemptOf(row);
    });
  }

  /** The student's newest attempt that has not ended. */
  current(examId: string, studentId: string): Promise<LtiAttempt | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('lti_attempts')
        .selectAll()
        .where('exam_id', '=', examId)
        .where('student_id', '=', studentId)
        .where('ended_at', 'is', null)
        .orderBy('created_at', 'desc')
        .orderBy('attempt_number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : attemptOf(row);
    });
  }

  /** False if it had ended before. */
  end(attemptId: string, at: string): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('lti_attempts')
        .set({ ended_at: at })
        .where('attempt_id', '=', attemptId)
        .where('ended_at', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }
}
