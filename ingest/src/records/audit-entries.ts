import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

export interface AuditEntry {
  /** An RFC 3339 time. */
  at: string;
  /** A user's id, or one of `systemActors`. */
  actor: string;
  /** Such as `session.ended`. */
  action: string;
  sessionId: string | null;
  examId?: string | null;
  /** Details of the action, stored as JSON. */
  detail?: object;
}

/** SQLite and Postgres limit the number of values in a statement. */
const rowsPerInsert = 500;

/** Adds entries to the audit log. */
export const addAuditEntries = async (db: Kysely<Tables>, entries: readonly AuditEntry[]): Promise<void> => {
  const rows = entries.map(({ at, actor, action, sessionId, examId, detail }) => ({
    at,
    actor,
    action,
    session_id: sessionId,
    exam_id: examId ?? null,
    detail: detail === undefined ? null : JSON.stringify(detail),
  }));
  for (let from = 0; from < rows.length; from += rowsPerInsert)
    await db
      .insertInto('audit')
      .values(rows.slice(from, from + rowsPerInsert))
      .execute();
};

export const addAuditEntry = (db: Kysely<Tables>, entry: AuditEntry): Promise<void> => addAuditEntries(db, [entry]);
