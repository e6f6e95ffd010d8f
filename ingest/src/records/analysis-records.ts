import { addAuditEntry } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';
import { summarizeReport, summaryLock } from './summarize-report.ts';

export interface KeptAnalysis {
  version: number;
  rulesVersion: string;
  createdAt: string;
}

export interface KeptReport extends KeptAnalysis {
  /** The report's JSON, exactly as it was made. */
  report: string;
  /** Null once the dump's retention is over. */
  dumpFile: string | null;
}

/** The persisted reports (`exam_analyses`). The first is written with the session's end, see `SessionEndRecords.finishEnd`. */
export class AnalysisRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** The newest report, or the given version. */
  kept(sessionId: string, version: number | null = null): Promise<KeptReport | null> {
    return this.#database.run(async (db) => {
      let query = db.selectFrom('exam_analyses').selectAll().where('session_id', '=', sessionId);
      if (version !== null) query = query.where('version', '=', version);
      const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst();
      if (row === undefined) return null;
      return {
        version: row.version,
        rulesVersion: row.rules_version,
        createdAt: row.created_at,
        report: row.report,
        dumpFile: row.dump_file === '' ? null : row.dump_file,
      };
    });
  }

  list(sessionId: string): Promise<KeptAnalysis[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('exam_analyses')
        .select(['version', 'rules_version', 'created_at'])
        .where('session_id', '=', sessionId)
        .orderBy('version')
        .execute();
      return rows.map((row) => ({
        version: row.version,
        rulesVersion: row.rules_version,
        createdAt: row.created_at,
      }));
    });
  }

  /**
   * Adds a later analysis and keeps the earlier ones, unless it is identical to the newest, byte for byte.
   * @returns its version.
   */
  add(sessionId: string, report: string, rulesVersion: string, by: { actor: string; at: string }): Promise<number> {
    // Two replicas must not give the same version to two reports.
    return this.#database.runLocked(summaryLock(sessionId), async (transaction) => {
      const newest = await transaction
        .selectFrom('exam_analyses')
        .selectAll()
        .where('session_id', '=', sessionId)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirstOrThrow();
      if (newest.report === report) return newest.version;
      const version = newest.version + 1;
      await transaction
        .insertInto('exam_analyses')
        .values({ ...newest, version, rules_version: rulesVersion, report, created_at: by.at })
        .execute();
      await summarizeReport(transaction, sessionId);
      await addAuditEntry(transaction, {
        ...by,
        action: 'report.added',
        sessionId,
        examId: newest.exam_id,
        detail: { version, rules_version: rulesVersion },
      });
      return version;
    });
  }
}
