import type { AlertOutcome } from '@invigil/protocol/channels';
import { sql } from 'kysely';
import type { Selectable, Transaction } from 'kysely';
import type { Alert } from '../model/alert.ts';
import { addAuditEntries } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { AlertsTable } from './realtime-tables.ts';
import type { Tables } from './tables.ts';

export const alertOf = (row: Selectable<AlertsTable>): Alert => ({
  alertId: row.alert_id,
  sessionId: row.session_id,
  examId: row.exam_id,
  memberId: row.member_id,
  observation: JSON.parse(row.observation),
  raisedAt: row.raised_at,
  escalated: row.escalated_at !== null,
  durationS: row.ended_after_ms == null ? null : row.ended_after_ms / 1000,
});

/** 1 for the newest alert of its student, 2 for the next one, … Among the alerts that a query selects. */
export const placeOfStudent =
  sql<number>`row_number() over (partition by coalesce(member_id, session_id) order by raised_at desc, alert_id)`.as(
    'place',
  );

export interface Acknowledgement {
  sessionId: string;
  /** Null: every open alert of the session. */
  alertId: string | null;
  userId: string;
  at: string;
  outcome: AlertOutcome | null;
  note: string | null;
}

const acknowledged = async (db: Transaction<Tables>, sessionId: string, alertId: string): Promise<Alert[]> => {
  const query = db.selectFrom('alerts').selectAll().where('session_id', '=', sessionId);
  return (await query.where('alert_id', '=', alertId).execute()).map(alertOf);
};

/** Alerts, and who acknowledged them when. */
export class AlertRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /**
   * @param most maximum number of alerts per session @returns `known` if the alert was raised before, `full` if the session has reached the
   * maximum
   */
  raise(alert: Alert, escalateAt: string, most: number): Promise<'raised' | 'known' | 'full'> {
    return this.#database.runLocked(`alert ${alert.sessionId}`, async (transaction) => {
      const { alerts } = await transaction
        .selectFrom('alerts')
        .select((row) => row.fn.countAll<number | string>().as('alerts'))
        .where('session_id', '=', alert.sessionId)
        .executeTakeFirstOrThrow();
      const isFull = Number(alerts) >= most;
      if (isFull) {
        const known = transaction.selectFrom('alerts').select('alert_id').where('alert_id', '=', alert.alertId);
        return (await known.executeTakeFirst()) === undefined ? 'full' : 'known';
      }
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('alerts')
        .values({
          alert_id: alert.alertId,
          session_id: alert.sessionId,
          exam_id: alert.examId,
          member_id: alert.memberId,
          observation: JSON.stringify(alert.observation),
          raised_at: alert.raisedAt,
          escalate_at: escalateAt,
          escalated_at: null,
          acknowledged_by: null,
          acknowledged_at: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n ? 'raised' : 'known';
    });
  }

  /** Records how long an alert's observation lasted. @returns false if that is recorded already, or there is no such alert */
  end(alertId: string, durationMs: number): Promise<boolean> {
    return this.#database.run(async (db) => {
      const { numUpdatedRows } = await db
        .updateTable('alerts')
        .set({ ended_after_ms: Math.round(durationMs) })
        .where('alert_id', '=', alertId)
        .where('ended_after_ms', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** All alerts of a session, in the order in which they were raised. */
  ofSession(sessionId: string): Promise<Alert[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('alerts').selectAll().where('session_id', '=', sessionId);
      return (await query.orderBy('raised_at').orderBy('alert_id').execute()).map(alertOf);
    });
  }

  /** Exams that have unacknowledged alerts. */
  examsWithOpen(): Promise<(string | null)[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('alerts')
        .select('exam_id')
        .distinct()
        .where('acknowledged_at', 'is', null)
        .execute();
      return rows.map((row) => row.exam_id);
    });
  }

  /**
   * The newest unacknowledged alerts of an exam, newest first.
   * @param perStudent at most this many of one student
   * @param limit at most this many; if there are more, the newest of each student come before any student's second
   */
  open(examId: string | null, perStudent: number, limit: number): Promise<Alert[]> {
    return this.#database.run(async (db) => {
      const ranked = db.selectFrom('alerts').selectAll().select(placeOfStudent).where('acknowledged_at', 'is', null);
      const own = examId === null ? ranked.where('exam_id', 'is', null) : ranked.where('exam_id', '=', examId);
      const rows = await db
        .selectFrom(own.as('ranked'))
        .selectAll()
        .where('place', '<=', perStudent)
        .orderBy('place')
        .orderBy('raised_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(alertOf).toSorted((a, b) => (a.raisedAt < b.raisedAt ? 1 : a.raisedAt > b.raisedAt ? -1 : 0));
    });
  }

  /** Unacknowledged alerts of a session. */
  openOfSession(sessionId: string): Promise<Alert[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('alerts').selectAll().where('session_id', '=', sessionId);
      return (await query.where('acknowledged_at', 'is', null).execute()).map(alertOf);
    });
  }

  /** The alerts among these that are unacknowledged. */
  openAmong(alertIds: readonly string[]): Promise<string[]> {
    return this.#database.run(async (db) => {
      const query = db.selectFrom('alerts').select('alert_id').where('acknowledged_at', 'is', null);
      return (await query.where('alert_id', 'in', alertIds).execute()).map((row) => row.alert_id);
    });
  }

  /** Acknowledges alerts. Returns those that were still open; earlier acknowledgements stay. */
  acknowledge({ sessionId, alertId, userId, at, outcome, note }: Acknowledgement): Promise<Alert[]> {
    return this.#database.run((db) =>
      db.transaction().execute(async (transaction) => {
        let query = transaction
          .updateTable('alerts')
          .set({ acknowledged_by: userId, acknowledged_at: at, outcome, note })
          .where('session_id', '=', sessionId)
          .where('acknowledged_at', 'is', null);
        if (alertId !== null) query = query.where('alert_id', '=', alertId);
        const alerts = (await query.returningAll().execute()).map(alertOf);
        if (outcome === null && note === null) return alerts;
        // Another proctor may have been faster: what this one states is kept in the audit log.
        const isLate = alerts.length === 0 && alertId !== null;
        const stated = isLate ? await acknowledged(transaction, sessionId, alertId) : alerts;
        const entries = stated.map(({ examId, observation: { id, type } }) => ({
          at,
          actor: userId,
          action: 'alert.outcome',
          sessionId,
          examId,
          detail: { observation_id: id, type, outcome, note },
        }));
        await addAuditEntries(transaction, entries);
        return alerts;
      }),
    );
  }

  /** Marks due alerts as escalated and returns them; each is returned once, to one replica. */
  escalateDue(now: string): Promise<Alert[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .updateTable('alerts')
        .set({ escalated_at: now })
        .where('acknowledged_at', 'is', null)
        .where('escalated_at', 'is', null)
        .where('escalate_at', '<=', now)
        .returningAll()
        .execute();
      return rows.map(alertOf);
    });
  }
}
