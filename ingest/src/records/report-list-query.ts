import { sql } from 'kysely';
import type { Expression, ExpressionBuilder, RawBuilder, SqlBool } from 'kysely';
import type { ObservationType } from '@invigil/protocol/rules';
import type { Tables } from './tables.ts';

/** `priority`: by review priority (the risk). `coverage`: by the share observed live. */
export const reportSorts = ['priority', 'coverage', 'observations', 'ended_at', 'student'] as const;
export type ReportSort = (typeof reportSorts)[number];

/**
 * `open`: nobody has decided. `second`: one of two reviewers has decided. `reviewed`: all have. `contested`: the student contested an
 * observation. `disagreed`: two reviewers decided differently.
 */
export const reportStatuses = ['open', 'second', 'reviewed', 'contested', 'disagreed'] as const;
export type ReportStatus = (typeof reportStatuses)[number];

/** Null: not filtered. */
export interface ReportFilter {
  status: ReportStatus | null;
  /** Reports with an observation of this type. */
  type: ObservationType | null;
  maxRisk: number | null;
  /** 0–1. Reports without coverage never match. */
  minCoverage: number | null;
  /** Part of the student's id or name, in any case. */
  student: string | null;
  /** Reports that this user can decide on: open ones, and those that only another of two reviewers has decided on. */
  decidableBy: string | null;
}

/** The last report of the previous page: what it was sorted by, and its session. */
export interface ReportPlace {
  value: number | string;
  sessionId: string;
}

export interface ReportListQuery {
  examId: string;
  /** Reviewers who must decide. */
  reviewers: number;
  filter: ReportFilter;
  sort: ReportSort;
  descending: boolean;
  after: ReportPlace | null;
  limit: number;
}

/** `s`: the summary; `n`: the student's enrolment, which has the name. */
interface ListTables extends Tables {
  s: Tables['report_summaries'];
  n: Tables['exam_students'];
}
export type ListBuilder = ExpressionBuilder<ListTables, 's' | 'n'>;

/** An unknown value sorts below all others. */
export const sortValues: Record<ReportSort, RawBuilder<number | string>> = {
  priority: sql`coalesce(s.risk, -1)`,
  coverage: sql`coalesce(s.coverage_share, -1)`,
  observations: sql`s.observations`,
  ended_at: sql`coalesce(s.ended_at, '')`,
  student: sql`lower(coalesce(n.student_name, s.member_id, ''))`,
};

/** Whether a report has the status, as SQL. */
export const hasStatus = (status: ReportStatus, reviewers: number): RawBuilder<SqlBool> => {
  const needsSecond = reviewers > 1 ? sql<SqlBool>`s.other_by is null` : sql<SqlBool>`1 = 0`;
  switch (status) {
    case 'open':
      return sql`s.outcome is null`;
    case 'second':
      return sql`(s.outcome is not null and ${needsSecond})`;
    case 'reviewed':
      return sql`(s.outcome is not null and not (${needsSecond}))`;
    case 'contested':
      return sql`s.contests > 0`;
    case 'disagreed':
      return sql`(s.other_outcome is not null and s.other_outcome <> s.outcome)`;
  }
};

/** Whether the user can decide on a report, as SQL: nobody has, or one other of two reviewers has. */
export const isDecidableBy = (userId: string, reviewers: number): RawBuilder<SqlBool> =>
  sql`(${hasStatus('open', reviewers)} or (${hasStatus('second', reviewers)} and coalesce(s.outcome_by, '') <> ${userId}))`;

const like = (text: string): string => `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;

/** The column in lower case. SQLite folds only ASCII, so the other letters of the searched text are folded one by one. */
const folded = (column: RawBuilder<string>, text: string): RawBuilder<string> => {
  let lower = sql<string>`lower(${column})`;
  for (const letter of new Set(text)) {
    const [small, capital] = [letter.toLowerCase(), letter.toUpperCase()];
    if (letter > '\u007f' && small !== capital) lower = sql<string>`replace(${lower}, ${capital}, ${small})`;
  }
  return lower;
};

/** Whether the column contains the text, in any case. */
const contains = (column: RawBuilder<string>, text: string): RawBuilder<SqlBool> =>
  sql<SqlBool>`${folded(column, text)} like ${like(text)} escape '\\'`;

/** The conditions of a filter, to be joined by `and`. */
export const filtered = (
  where: ListBuilder,
  { examId, filter, reviewers }: Pick<ReportListQuery, 'examId' | 'filter' | 'reviewers'>,
): Expression<SqlBool>[] => {
  const { status, type, maxRisk, minCoverage, student, decidableBy } = filter;
  return [
    where('s.exam_id', '=', examId),
    ...(status === null ? [] : [hasStatus(status, reviewers)]),
    ...(type === null
      ? []
      : [
          sql<SqlBool>`exists (select 1 from report_types t where t.session_id = s.session_id and t.type = ${type} and t.observations > 0)`,
        ]),
    ...(decidableBy === null ? [] : [isDecidableBy(decidableBy, reviewers)]),
    ...(maxRisk === null ? [] : [where('s.risk', '<=', maxRisk)]),
    ...(minCoverage === null ? [] : [where('s.coverage_share', '>=', minCoverage)]),
    ...(student === null
      ? []
      : [
          sql<SqlBool>`(${contains(sql`coalesce(n.student_name, '')`, student)} or ${contains(sql`coalesce(s.member_id, '')`, student)})`,
        ]),
  ];
};

/** Reports that come later in the order. */
export const later = (
  { sort, descending }: ReportListQuery,
  { value, sessionId }: ReportPlace,
): RawBuilder<SqlBool> => {
  const key = sortValues[sort];
  const beyond = descending ? sql`${key} < ${value}` : sql`${key} > ${value}`;
  return sql`(${beyond} or (${key} = ${value} and s.session_id > ${sessionId}))`;
};
