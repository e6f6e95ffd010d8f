import type { BreakAction } from '@invigil/protocol/channels';
import type { RecordsDatabase } from './records-database.ts';

/** A proctor's action during a session. */
export type GuidanceAct =
  | { action: 'session.message'; detail: { message_id: string; text: string } }
  | { action: 'session.flag'; detail: { note: string } }
  | { action: 'session.break'; detail: { action: BreakAction } }
  | { action: 'session.extra_time'; detail: { minutes: number } };

export type OnGuidanceAct = (sessionId: string, act: GuidanceAct, at: string) => void;

/** SQLite and Postgres limit the number of values in a statement. */
const rowsPerInsert = 500;

export interface KeptMessage {
  messageId: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** Proctors' actions during sessions are stored only in the audit log: who, when, and the text. */
export class GuidanceRecords {
  readonly #database: RecordsDatabase;
  readonly #onAct: OnGuidanceAct;

  /** @param onAct called when an act is recorded */
  constructor(database: RecordsDatabase, onAct: OnGuidanceAct = () => undefined) {
    this.#database = database;
    this.#onAct = onAct;
  }

  async add(
    { sessionId, examId, actor, at }: { sessionId: string; examId: string | null; actor: string; at: string },
    act: GuidanceAct,
  ): Promise<void> {
    const { action, detail } = act;
    const row = { at, actor, action, session_id: sessionId, exam_id: examId, detail: JSON.stringify(detail) };
    await this.#database.run((db) => db.insertInto('audit').values(row).execute());
    this.#onAct(sessionId, act, at);
  }

  /** The same act in many sessions of an exam. */
  async addToMany(
    sessionIds: readonly string[],
    { examId, actor, at }: { examId: string; actor: string; at: string },
    actOf: (sessionId: string) => GuidanceAct,
  ): Promise<void> {
    for (let from = 0; from < sessionIds.length; from += rowsPerInsert) {
      const acts = sessionIds
        .slice(from, from + rowsPerInsert)
        .map((sessionId) => ({ sessionId, act: actOf(sessionId) }));
      const rows = acts.map(({ sessionId, act: { action, detail } }) => ({
        at,
        actor,
        action,
        session_id: sessionId,
        exam_id: examId,
        detail: JSON.stringify(detail),
      }));
      await this.#database.run((db) => db.insertInto('audit').values(rows).execute());
      for (const { sessionId, act } of acts) this.#onAct(sessionId, act, at);
    }
  }

  /** Oldest first. */
  messages(sessionId: string): Promise<KeptMessage[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('audit')
        .select(['at', 'detail'])
        .where('session_id', '=', sessionId)
        .where('action', '=', 'session.message')
        .orderBy('audit_id')
        .execute();
      return rows.map(({ at, detail }) => {
        const kept = JSON.parse(detail ?? '{}') as { message_id: string; text: string };
        return { messageId: kept.message_id, text: kept.text, at };
      });
    });
  }
}
