import type { RecordsDatabase } from './records-database.ts';

/** The persisted reports (`exam_analyses`). The first is written with the session's end, see `SessionRecords.finishEnd`. */
export class AnalysisRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** A report's JSON as it was written: the newest (`version` null) or one of them. */
  kept(sessionId: string, version: number | null): Promise<string | null> {
    return this.#database.run(async (db) => {
      let query = db.selectFrom('exam_analyses').select('report').where('session_id', '=', sessionId);
      if (version !== null) query = query.where('version', '=', version);
      const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
      return row?.report ?? null;
    });
  }
}
