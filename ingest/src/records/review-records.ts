import { openReview } from '@invigil/protocol/report';
import type { Review, ReviewRequest } from '@invigil/protocol/report';
import type { Insertable, Selectable, Transaction } from 'kysely';
import { addAuditEntry } from './audit-entries.ts';
import type { RecordsDatabase } from './records-database.ts';
import type { ReviewEntriesTable } from './review-tables.ts';
import { summarizeDecision, summarizeReport, summaryLock } from './summarize-report.ts';
import type { Tables } from './tables.ts';

type Entry = Selectable<ReviewEntriesTable>;

/** One entry of a session's review, with its author. */
export interface ReviewAct {
  sessionId: string;
  examId: string | null;
  actor: string;
  at: string;
}

/** Reviews of reports. Append-only: a later entry is added and takes precedence. */
export class ReviewRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  of(sessionId: string): Promise<Review> {
    return this.#database.run(async (db) =>
      reviewOf(
        await db
          .selectFrom('review_entries')
          .selectAll()
          .where('session_id', '=', sessionId)
          .orderBy('entry_id')
          .execute(),
      ),
    );
  }

  review(act: ReviewAct, request: ReviewRequest): Promise<void> {
    return this.#database.runLocked(summaryLock(act.sessionId), (transaction) =>
      append(transaction, act, entriesOf(act, request)),
    );
  }

  /** Records the review, unless the student has contested an observation. @returns whether it was recorded */
  reviewUncontested(act: ReviewAct, request: ReviewRequest): Promise<boolean> {
    return this.#database.runLocked(summaryLock(act.sessionId), async (transaction) => {
      if ((await contestsOf(transaction, act.sessionId)) > 0) return false;
      await append(transaction, act, entriesOf(act, request));
      return true;
    });
  }

  /** @param most maximum number of contests per session @returns false if the session has reached it */
  contest(act: ReviewAct, observationId: string, text: string, most: number): Promise<boolean> {
    const { sessionId: session_id, at, actor } = act;
    return this.#database.runLocked(summaryLock(session_id), async (transaction) => {
      if ((await contestsOf(transaction, session_id)) >= most) return false;
      await append(transaction, act, [
        { session_id, at, actor, kind: 'contest', observation_id: observationId, value: null, note: text },
      ]);
      return true;
    });
  }

  /** All actions on the session, oldest first. */
  audit(sessionId: string): Promise<{ at: string; actor: string; action: string; detail: unknown }[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('audit')
        .select(['at', 'actor', 'action', 'detail'])
        .where('session_id', '=', sessionId)
        .orderBy('audit_id')
        .execute();
      return rows.map(({ detail, ...row }) => ({ ...row, detail: detail == null ? null : JSON.parse(detail) }));
    });
  }
}

const entriesOf = (
  { sessionId: session_id, at, actor }: ReviewAct,
  { outcome, notes, observations }: ReviewRequest,
): Insertable<ReviewEntriesTable>[] => {
  const by = { session_id, at, actor };
  return [
    ...observations.map(({ id, mark, note }) => ({
      ...by,
      kind: 'mark' as const,
      observation_id: id,
      value: mark,
      note: note ?? null,
    })),
    ...(outcome === undefined
      ? []
      : [{ ...by, kind: 'outcome' as const, observation_id: null, value: outcome, note: notes ?? null }]),
  ];
};

const contestsOf = async (db: Transaction<Tables>, sessionId: string): Promise<number> => {
  const { contests } = await db
    .selectFrom('review_entries')
    .select((row) => row.fn.countAll<number | string>().as('contests'))
    .where('session_id', '=', sessionId)
    .where('kind', '=', 'contest')
    .executeTakeFirstOrThrow();
  return Number(contests);
};

/** Each entry together with its line in the audit. */
const append = async (
  transaction: Transaction<Tables>,
  { examId, sessionId }: ReviewAct,
  entries: readonly Insertable<ReviewEntriesTable>[],
): Promise<void> => {
  for (const entry of entries) {
    const { at, actor, kind, observation_id, value, note } = entry;
    await transaction.insertInto('review_entries').values(entry).execute();
    await addAuditEntry(transaction, {
      at,
      actor,
      action: `review.${kind}`,
      sessionId,
      examId,
      detail: { observation_id, value, note },
    });
  }
  const hasMarks = entries.some(({ kind }) => kind === 'mark');
  await (hasMarks ? summarizeReport : summarizeDecision)(transaction, sessionId);
};

/** The review as it stands: the newest outcome, the newest mark of each observation, and every contest. */
const reviewOf = (entries: readonly Entry[]): Review => {
  const marks = new Map<string, Review['observations'][number]>();
  let review: Review = openReview;
  for (const { kind, observation_id: id, value, note, actor: by, at } of entries) {
    if (kind === 'outcome') {
      review = { ...review, status: 'reviewed', outcome: value as Review['outcome'], by, at, notes: note };
    } else if (id !== null && kind === 'mark') {
      marks.delete(id);
      marks.set(id, { id, mark: value as Review['observations'][number]['mark'], note, by, at });
    } else if (id !== null) {
      review = { ...review, contests: [...review.contests, { id, text: note ?? '', at }] };
    }
  }
  return { ...review, observations: [...marks.values()] };
};
