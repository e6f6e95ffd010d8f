import type { Alert } from '../model/alert.ts';
import { alertOf, placeOfStudent } from './alert-records.ts';
import type { RecordsDatabase } from './records-database.ts';

/** Where a page of open alerts ends. Times are ISO 8601. */
export interface OpenAlertPlace {
  /** When the first page was read: later alerts are not part of the list. */
  asOf: string;
  /** 1 for the newest open alert of its student, 2 for the next one, … */
  place: number;
  raisedAt: string;
  alertId: string;
}

/**
 * An exam's unacknowledged alerts in pages: the newest of each student come before any student's second, so that one with many does not crowd
 * out the others. Alerts raised or acknowledged between pages do not shift the others.
 */
export class OpenAlertRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** @param after the last place of the previous page; null for the first */
  page(
    examId: string,
    asOf: string,
    after: OpenAlertPlace | null,
    limit: number,
  ): Promise<{ alert: Alert; at: OpenAlertPlace }[]> {
    return this.#database.run(async (db) => {
      const ranked = db
        .selectFrom('alerts')
        .selectAll()
        .select(placeOfStudent)
        .where('exam_id', '=', examId)
        .where('raised_at', '<=', asOf)
        // Those acknowledged since keep their place until the last page.
        .where((where) => where.or([where('acknowledged_at', 'is', null), where('acknowledged_at', '>', asOf)]));
      let query = db.selectFrom(ranked.as('ranked')).selectAll().where('acknowledged_at', 'is', null);
      if (after !== null) {
        query = query.where((where) =>
          where.or([
            where('place', '>', after.place),
            where.and([where('place', '=', after.place), where('raised_at', '<', after.raisedAt)]),
            where.and([
              where('place', '=', after.place),
              where('raised_at', '=', after.raisedAt),
              where('alert_id', '>', after.alertId),
            ]),
          ]),
        );
      }
      const rows = await query.orderBy('place').orderBy('raised_at', 'desc').orderBy('alert_id').limit(limit).execute();
      return rows.map((row) => ({
        alert: alertOf(row),
        at: { asOf, place: Number(row.place), raisedAt: row.raised_at, alertId: row.alert_id },
      }));
    });
  }
}
