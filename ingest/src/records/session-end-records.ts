import type { Session } from '../model/session.ts';
import { addAuditEntry } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';
import { sessionOf } from './session-records.ts';
import { summarizeReport } from './summarize-report.ts';
import { isoTime } from '../time/iso-time.ts';

/** The records of an ended session. */
export interface EndedSession {
  session: Session;
  endedAt: string;
  rulesVersion: string;
  report: string;
  dumpFile: string;
  actor: string;
}

/**
 * The end of a session, by one replica at a time: it claims the end, writes report and dump, then finishes. Another
 * replica may take over an expired claim.
 */
export class SessionEndRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Makes the session `ending` for the holder of `claim`. False if it has ended or another replica holds the claim. */
  claimEnd(sessionId: string, claim: string, nowMs: number, claimMs: number): Promise<boolean> {
    const now = isoTime(nowMs);
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ status: 'ending', is_current: null, end_claim: claim, end_claim_until: isoTime(nowMs + claimMs) })
        .where('session_id', '=', sessionId)
        .where((where) =>
          where.or([
            where('status', '=', 'running'),
            where.and([
              where('status', '=', 'ending'),
              where.or([where('end_claim_until', 'is', null), where('end_claim_until', '<', now)]),
            ]),
          ]),
        )
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Claims an ended session's report, so that one replica at a time adds a version. False if another holds the claim. */
  claimAmendment(sessionId: string, claim: string, nowMs: number, claimMs: number): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ end_claim: claim, end_claim_until: isoTime(nowMs + claimMs) })
        .where('session_id', '=', sessionId)
        .where('status', '=', 'ended')
        .where((where) => where.or([where('end_claim', 'is', null), where('end_claim_until', '<', isoTime(nowMs))]))
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Extends the claim. False if it was lost. */
  keepEnd(sessionId: string, claim: string, nowMs: number, claimMs: number): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('sessions')
        .set({ end_claim_until: isoTime(nowMs + claimMs) })
        .where('session_id', '=', sessionId)
        .where('end_claim', '=', claim)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Releases the claim after a failure, so that other replicas can try at once. The session stays `ending`. */
  async releaseEnd(sessionId: string, claim: string): Promise<void> {
    await this.#database.run((db) =>
      db
        .updateTable('sessions')
        .set({ end_claim: null, end_claim_until: null })
        .where('session_id', '=', sessionId)
        .where('end_claim', '=', claim)
        .execute(),
    );
  }

  /** Stores the report and makes the session `ended`, both or neither. False if the claim was lost. */
  finishEnd(ended: EndedSession, claim: string): Promise<boolean> {
    const { session, endedAt } = ended;
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('sessions')
          .set({ status: 'ended', ended_at: endedAt, end_claim: null, end_claim_until: null })
          .where('session_id', '=', session.sessionId)
          .where('end_claim', '=', claim)
          .executeTakeFirst();
        if (numUpdatedRows !== 1n) return false;
        await transaction
          .insertInto('exam_analyses')
          .values({
            session_id: session.sessionId,
            version: 1,
            exam_id: session.examId,
            member_id: session.memberId,
            rules_version: ended.rulesVersion,
            report: ended.report,
            dump_file: ended.dumpFile,
            created_at: endedAt,
          })
          .execute();
        await summarizeReport(transaction, session.sessionId);
        await addAuditEntry(transaction, {
          at: endedAt,
          actor: ended.actor,
          action: 'session.ended',
          sessionId: session.sessionId,
        });
        return true;
      }),
    );
  }

  /** Who ended the session; null if it runs. */
  endedBy(sessionId: string): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('audit')
        .select('actor')
        .where('session_id', '=', sessionId)
        .where('action', '=', 'session.ended')
        .executeTakeFirst();
      return row?.actor ?? null;
    });
  }

  async markFramesCleared(sessionId: string, at: string): Promise<void> {
    await this.#database.run((db) =>
      db.updateTable('sessions').set({ frames_cleared_at: at }).where('session_id', '=', sessionId).execute(),
    );
  }

  /** Sessions whose end was not finished, whose frames are not cleared yet, or that started before `startedBefore`. */
  unfinished(startedBefore: string, limit: number): Promise<Session[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('sessions')
        .selectAll()
        .where((where) =>
          where.or([
            where('status', '=', 'ending'),
            where.and([where('status', '=', 'ended'), where('frames_cleared_at', 'is', null)]),
            where.and([where('status', '=', 'running'), where('started_at', '<', startedBefore)]),
          ]),
        )
        .limit(limit)
        .execute();
      return rows.map(sessionOf);
    });
  }
}
