import type { Report, Review } from '@invigil/protocol/report';
import type { Selectable, Transaction } from 'kysely';
import { summaryOf } from '../model/report-summary.ts';
import type { ReportSummary } from '../model/report-summary.ts';
import type { ReviewEntriesTable } from './review-tables.ts';
import type { ReportSummariesTable } from './report-summary-tables.ts';
import type { Tables } from './tables.ts';

type Entry = Selectable<ReviewEntriesTable>;
type Mark = Review['observations'][number]['mark'];
type Decision = Pick<
  ReportSummariesTable,
  'outcome' | 'outcome_by' | 'outcome_at' | 'other_outcome' | 'other_by' | 'contests'
>;

/** The newest decision, and the newest one of another reviewer. @param entries oldest first */
const decisionOf = (entries: readonly Entry[]): Decision => {
  const outcomes = entries.filter(({ kind }) => kind === 'outcome').toReversed();
  const [newest] = outcomes;
  const other = outcomes.find(({ actor }) => actor !== newest?.actor);
  return {
    outcome: newest?.value ?? null,
    outcome_by: newest?.actor ?? null,
    outcome_at: newest?.at ?? null,
    other_outcome: other?.value ?? null,
    other_by: other?.actor ?? null,
    contests: entries.filter(({ kind }) => kind === 'contest').length,
  };
};

const marksOf = (entries: readonly Entry[]): Map<string, Mark> =>
  new Map(
    entries.flatMap(({ kind, observation_id: id, value }) =>
      kind === 'mark' && id !== null ? [[id, value as Mark] as const] : [],
    ),
  );

/** A damaged report is listed without its values: it must not hide the other reports. */
const parsedReport = (text: string): Partial<Report> => {
  try {
    return JSON.parse(text) as Partial<Report>;
  } catch {
    return {};
  }
};

const entriesOf = (db: Transaction<Tables>, sessionId: string): Promise<Entry[]> =>
  db.selectFrom('review_entries').selectAll().where('session_id', '=', sessionId).orderBy('entry_id').execute();

/** Lock this in a transaction that calls one of the functions below: each derives the summary from rows that others may be adding. */
export const summaryLock = (sessionId: string): string => `reports ${sessionId}`;

/** Updates the decision in the session's summary. Call it in the transaction that adds an outcome or a contest. */
export const summarizeDecision = async (db: Transaction<Tables>, sessionId: string): Promise<void> => {
  const decision = decisionOf(await entriesOf(db, sessionId));
  await db.updateTable('report_summaries').set(decision).where('session_id', '=', sessionId).execute();
};

/** Replaces the session's summary. Call it in the transaction that adds a report or marks; a session without reports gets none. */
export const summarizeReport = async (db: Transaction<Tables>, sessionId: string): Promise<void> => {
  const newest = await db
    .selectFrom('exam_analyses')
    .selectAll()
    .where('session_id', '=', sessionId)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (newest === undefined) return;
  const { exam_id, member_id, version, rules_version } = newest;
  const report = parsedReport(newest.report);
  const entries = await entriesOf(db, sessionId);
  const summary = summaryOf(report, marksOf(entries));
  const row: ReportSummariesTable = {
    session_id: sessionId,
    exam_id,
    member_id,
    version,
    rules_version,
    started_at: report.session?.started_at ?? null,
    ended_at: report.session?.ended_at ?? newest.created_at,
    risk: summary.risk,
    duration_s: summary.durationS,
    observed_s: summary.observedS,
    live_s: summary.liveS,
    late_s: summary.lateS,
    coverage_share: summary.coverageShare,
    observations: report.observations?.length ?? 0,
    violations: summary.violations,
    ...decisionOf(entries),
  };
  await db
    .insertInto('report_summaries')
    .values(row)
    .onConflict((conflict) => conflict.column('session_id').doUpdateSet(row))
    .execute();
  await replaceTypes(db, row, summary.types);
};

const replaceTypes = async (
  db: Transaction<Tables>,
  { session_id, exam_id, rules_version }: ReportSummariesTable,
  types: ReportSummary['types'],
): Promise<void> => {
  await db.deleteFrom('report_types').where('session_id', '=', session_id).execute();
  if (types.length === 0) return;
  const rows = types.map(({ type, observations, seconds, marks, alerts, alertMarks }) => ({
    session_id,
    type,
    exam_id,
    rules_version,
    observations,
    seconds,
    confirmed: marks.confirmed,
    dismissed: marks.dismissed,
    unsure: marks.unsure,
    alerts,
    alerts_confirmed: alertMarks.confirmed,
    alerts_dismissed: alertMarks.dismissed,
    alerts_unsure: alertMarks.unsure,
  }));
  await db.insertInto('report_types').values(rows).execute();
};
