import type { RecordsDatabase } from './records-database.ts';

/** The persisted reports (`exam_analyses`). Written with the session's end, see `SessionRecords.finishEnd`. */
export class AnalysisRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** The newest report's JSON, as it was written. */
  latest(sessionId: string): Promise<string | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('exam_analyses')
        .select('report')
        .where('session_id', '=', sessionId)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row?.report ?? null;
    });
  }
}
