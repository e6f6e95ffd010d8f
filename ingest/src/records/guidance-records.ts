import type { BreakAction } from '@invigil/protocol/channels';
import type { Kysely } from 'kysely';
import { addAuditEntries, addAuditEntry } from './audit-entries.ts';
import { Gathered } from './gathered.ts';
import { groupBy } from './group-by.ts';
import { isOneOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { Tables } from './tables.ts';

/** A proctor's action during a session. */
export type GuidanceAct =
  | { action: 'session.message'; detail: { message_id: string; text: string } }
  | { action: 'session.flag'; detail: { note: string } }
  | { action: 'session.break'; detail: { action: BreakAction } }
  | { action: 'session.extra_time'; detail: { minutes: number } };

export type OnGuidanceAct = (sessionId: string, act: GuidanceAct, at: string) => void;

export interface KeptMessage {
  messageId: string;
  text: string;
  /** ISO 8601. */
  at: string;
}

/** `coalesce` hides the action from the index by action: SQLite would choose it, and read the messages of every past session. */
export const messagesQuery = (db: Kysely<Tables>, sessionIds: readonly string[]) =>
  db
    .selectFrom('audit')
    .select(['session_id', 'at', 'detail'])
    .where(isOneOf(db, 'session_id', sessionIds))
    .where((row) => row.fn.coalesce('action', row.val('')), '=', 'session.message')
    .orderBy('audit_id');
const readMessages = prepared(messagesQuery);

/** Proctors' actions during sessions are stored only in the audit log: who, when, and the text. */
export class GuidanceRecords {
  readonly #database: RecordsDatabase;
  readonly #onAct: OnGuidanceAct;
  readonly #messages = new Gathered((sessionIds: readonly string[]) => this.#messagesOf(sessionIds));

  /** @param onAct called when an act is recorded */
  constructor(database: RecordsDatabase, onAct: OnGuidanceAct = () => undefined) {
    this.#database = database;
    this.#onAct = onAct;
  }

  async add(
    { sessionId, examId, actor, at }: { sessionId: string; examId: string | null; actor: string; at: string },
    act: GuidanceAct,
  ): Promise<void> {
    await this.#database.run((db) => addAuditEntry(db, { at, actor, sessionId, examId, ...act }));
    this.#onAct(sessionId, act, at);
  }

  /** The same act in many sessions of an exam. */
  async addToMany(
    sessionIds: readonly string[],
    { examId, actor, at }: { examId: string; actor: string; at: string },
    actOf: (sessionId: string) => GuidanceAct,
  ): Promise<void> {
    const acts = sessionIds.map((sessionId) => ({ sessionId, act: actOf(sessionId) }));
    const entries = acts.map(({ sessionId, act }) => ({ at, actor, sessionId, examId, ...act }));
    await this.#database.run((db) => db.transaction().execute((transaction) => addAuditEntries(transaction, entries)));
    for (const { sessionId, act } of acts) this.#onAct(sessionId, act, at);
  }

  /** Oldest first. */
  messages(sessionId: string): Promise<KeptMessage[]> {
    return this.#messages.add(sessionId);
  }

  #messagesOf(sessionIds: readonly string[]): Promise<KeptMessage[][]> {
    return this.#database.run(async (db) => {
      const rows = await readMessages(db, sessionIds);
      const ofSessions = groupBy(rows, ({ session_id: sessionId }) => sessionId);
      return sessionIds.map((sessionId) => (ofSessions.get(sessionId) ?? []).map(messageOf));
    });
  }
}

const messageOf = ({ at, detail }: { at: string; detail?: string | null | undefined }): KeptMessage => {
  const kept = JSON.parse(detail ?? '{}') as { message_id: string; text: string };
  return { messageId: kept.message_id, text: kept.text, at };
};
