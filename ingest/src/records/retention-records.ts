import { systemActors } from '../model/system-actor.ts';
import type { ClockMark } from '../time/clock-check.ts';
import { addAuditEntry } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';

/** An ended session that may have expired data. */
export interface KeptSession {
  sessionId: string;
  examId: string | null;
}

export interface RetentionRun {
  mark: ClockMark;
  framesRemoved: number;
  reportsRemoved: number;
  /** Students' requests and personal links. */
  studentRowsRemoved: number;
  deliveriesRemoved: number;
}

/** Reviews after the reports: the database prevents their deletion as long as the session has reports. */
const reportTables = [
  'exam_analyses',
  'report_summaries',
  'report_types',
  'review_entries',
  'alerts',
  'camera_links',
  'webhook_deliveries',
] as const;

interface MarkDetail {
  boot_id: string | null;
  uptime_ms: number;
}

const auditEntry = ({ sessionId, examId }: KeptSession, at: string, action: 'frames.expired' | 'reports.expired') => ({
  at,
  actor: systemActors.retention,
  action,
  sessionId,
  examId,
});

/** The records that retention needs. */
export class RetentionRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** The exams that have reports, personal links, students' requests or rows of learning platforms; null stands for sessions without an exam. */
  exams(): Promise<(string | null)[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_analyses')
        .select('exam_id')
        .union(db.selectFrom('exam_links').select('exam_id'))
        .union(db.selectFrom('student_requests').select('exam_id'))
        .union(db.selectFrom('lti_attempts').select('exam_id'))
        .union(db.selectFrom('lti_members').select('exam_id'))
        .execute();
      return rows.map(({ exam_id }) => exam_id);
    });
  }

  /** Deletes students' requests, dead personal links, and what learning platforms sent about a finished exam. @returns the number of rows deleted */
  removeStudentPath(examId: string, before: string, now: string): Promise<number> {
    return this.#database.run(async (db) => {
      const over = db.selectFrom('exams').select('exam_id').where('status', 'in', ['COMPLETED', 'CANCELLED']);
      const links = await db
        .deleteFrom('exam_links')
        .where('exam_id', '=', examId)
        .where('created_at', '<', before)
        .where((where) =>
          where.or([where('expires_at', '<', now), where('revoked_at', 'is not', null), where('exam_id', 'in', over)]),
        )
        .executeTakeFirst();
      const requests = await db
        .deleteFrom('student_requests')
        .where('exam_id', '=', examId)
        .where('at', '<', before)
        .executeTakeFirst();
      const finished = over.where((where) =>
        where.or([where('completed_at', '<', before), where('cancelled_at', '<', before)]),
      );
      let rows = links.numDeletedRows + requests.numDeletedRows;
      for (const table of ['lti_attempts', 'lti_members'] as const) {
        const query = db.deleteFrom(table).where('exam_id', '=', examId).where('exam_id', 'in', finished);
        rows += (await query.executeTakeFirst()).numDeletedRows;
      }
      return Number(rows);
    });
  }

  /** Deletes erasure times that are older than any token's lifetime. */
  async removeErasures(before: string): Promise<void> {
    await this.#database.run((db) => db.deleteFrom('erasures').where('erased_at', '<', before).execute());
  }

  /** Sessions of the exam that ended before that time and still have reports (or, `withFrames`, a dump). */
  endedBefore(examId: string | null, before: string, withFrames: boolean, limit: number): Promise<KeptSession[]> {
    return this.#database.run(async (db) => {
      let query = db
        .selectFrom('exam_analyses')
        .innerJoin('sessions', 'sessions.session_id', 'exam_analyses.session_id')
        .select(['sessions.session_id', 'sessions.exam_id'])
        .distinct()
        .where('sessions.ended_at', '<', before)
        .where('exam_analyses.exam_id', examId === null ? 'is' : '=', examId);
      if (withFrames) query = query.where('exam_analyses.dump_file', '!=', '');
      const rows = await query.limit(limit).execute();
      return rows.map((row) => ({ sessionId: row.session_id, examId: row.exam_id }));
    });
  }

  /** The dump is deleted; the reports stay, but can no longer be reproduced. */
  async framesRemoved(session: KeptSession, at: string): Promise<void> {
    const { sessionId } = session;
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction
          .updateTable('exam_analyses')
          .set({ dump_file: '' })
          .where('session_id', '=', sessionId)
          .execute();
        await addAuditEntry(transaction, auditEntry(session, at, 'frames.expired'));
      }),
    );
  }

  /** Reports, reviews, alerts and their webhook deliveries. */
  async removeReports(session: KeptSession, at: string): Promise<void> {
    const { sessionId } = session;
    await this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        for (const table of reportTables) {
          await transaction.deleteFrom(table).where('session_id', '=', sessionId).execute();
        }
        // The audit log keeps the actions; texts written about the session are deleted with its reports.
        await transaction
          .updateTable('audit')
          .set({ detail: null })
          .where('session_id', '=', sessionId)
          .where('detail', 'is not', null)
          .execute();
        await addAuditEntry(transaction, auditEntry(session, at, 'reports.expired'));
      }),
    );
  }

  /** Deletes the log of finished deliveries. @returns the number of lines deleted. */
  removeDeliveries(before: string): Promise<number> {
    return this.#database.run(async (db) => {
      const { numDeletedRows } = await db
        .deleteFrom('webhook_deliveries')
        .where('status', '!=', 'pending')
        .where('created_at', '<', before)
        .executeTakeFirst();
      return Number(numDeletedRows);
    });
  }

  async ran({
    mark,
    framesRemoved,
    reportsRemoved,
    studentRowsRemoved,
    deliveriesRemoved,
  }: RetentionRun): Promise<void> {
    const detail = {
      frames_removed: framesRemoved,
      reports_removed: reportsRemoved,
      student_rows_removed: studentRowsRemoved,
      deliveries_removed: deliveriesRemoved,
    };
    await this.#note('retention.ran', mark, detail);
  }

  /** Records that an operator confirmed the clock. */
  clockConfirmed(mark: ClockMark): Promise<void> {
    return this.#note('retention.clock_confirmed', mark, {});
  }

  /** The last run or confirmation of the clock, whichever came later; null before the first run. */
  lastMark(): Promise<(ClockMark & { isRun: boolean }) | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('audit')
        .select(['at', 'action', 'detail'])
        .where('action', 'in', ['retention.ran', 'retention.clock_confirmed'])
        .orderBy('audit_id', 'desc')
        .limit(1)
        .executeTakeFirst();
      if (row === undefined) return null;
      // Runs of earlier servers have no boot id.
      const { boot_id: bootId = null, uptime_ms: uptimeMs = 0 } = JSON.parse(row.detail ?? '{}') as Partial<MarkDetail>;
      return { at: row.at, bootId, uptimeMs, isRun: row.action === 'retention.ran' };
    });
  }

  async #note(action: string, { at, bootId, uptimeMs }: ClockMark, detail: object): Promise<void> {
    const mark: MarkDetail = { boot_id: bootId, uptime_ms: uptimeMs };
    const entry = { at, actor: systemActors.retention, action, sessionId: null, detail: { ...detail, ...mark } };
    await this.#database.run((db) => addAuditEntry(db, entry));
  }

  /** Makes the database overwrite deleted data. */
  overwriteDeleted(): Promise<void> {
    return this.#database.overwriteDeleted([
      ...reportTables,
      'exam_links',
      'student_requests',
      'lti_attempts',
      'lti_members',
      'audit',
    ]);
  }

  /** When it last completed, on any replica. */
  lastRanAt(): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('audit')
        .select('at')
        .where('action', '=', 'retention.ran')
        .orderBy('audit_id', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.at ?? null;
    });
  }
}
