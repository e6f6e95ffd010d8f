import { observationTypes } from '@invigil/protocol/rules';
import * as v from 'valibot';
import { reportSorts, reportStatuses } from '../../records/report-list-query.ts';
import type { ReportPlace, ReportSort } from '../../records/report-list-query.ts';
import { HttpProblem } from '../problems/http-problem.ts';

const maxLimit = 200;
const maxRisk = 100;

const numberText = (max: number, isWhole: boolean) =>
  v.pipe(
    v.string(),
    v.regex(/^\d{1,4}(?:\.\d{1,6})?$/, `must be a number from 0 to ${max}`),
    v.transform(Number),
    v.check((value) => value <= max && (!isWhole || Number.isInteger(value)), `must be at most ${max}`),
  );

const formats = ['json', 'csv'] as const;
export const orders = ['asc', 'desc'] as const;

/** The query of `GET /api/v1/exams/{exam_id}/reports`, parameter by parameter. */
const reportListParameters = {
  sort: v.optional(v.picklist(reportSorts), 'priority'),
  order: v.optional(v.picklist(orders)),
  status: v.optional(v.picklist(reportStatuses)),
  type: v.optional(v.picklist(observationTypes)),
  max_risk: v.optional(numberText(maxRisk, false)),
  min_coverage: v.optional(numberText(1, false)),
  student: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  decidable: v.optional(v.literal('true')),
  limit: v.optional(numberText(maxLimit, true), '50'),
  cursor: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  format: v.optional(v.picklist(formats), 'json'),
};

const ReportListQuerySchema = v.object(reportListParameters);
type ReportListParameters = v.InferOutput<typeof ReportListQuerySchema>;

/** @throws HttpProblem INVALID_MESSAGE that names the first invalid parameter */
export const reportListQueryOf = (query: unknown): ReportListParameters => {
  const parsed = v.safeParse(ReportListQuerySchema, query);
  if (parsed.success) {
    if (parsed.output.limit > 0) return parsed.output;
    throw new HttpProblem('INVALID_MESSAGE', `must be from 1 to ${maxLimit}`, { field: 'limit' });
  }
  const [issue] = parsed.issues;
  const field = v.getDotPath(issue);
  throw new HttpProblem('INVALID_MESSAGE', issue.message, field === null ? {} : { field });
};

const CursorSchema = v.strictTuple([v.picklist(reportSorts), v.union([v.number(), v.string()]), v.string()]);

export const cursorOf = (sort: ReportSort, { value, sessionId }: ReportPlace): string =>
  Buffer.from(JSON.stringify([sort, value, sessionId])).toString('base64url');

/** @throws HttpProblem INVALID_MESSAGE for a cursor that this server did not make, or made for another order */
export const placeOf = (cursor: string, sort: ReportSort): ReportPlace => {
  const [sorted, value, sessionId] = parseCursor(cursor);
  const isText = sort === 'ended_at' || sort === 'student';
  if (sorted === sort && (typeof value === 'string') === isText && !`${value}${sessionId}`.includes('\0')) {
    return { value, sessionId };
  }
  throw badCursor();
};

const parseCursor = (cursor: string): v.InferOutput<typeof CursorSchema> => {
  try {
    return v.parse(CursorSchema, JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    if (cause instanceof SyntaxError || v.isValiError(cause)) throw badCursor();
    throw cause;
  }
};

const badCursor = (): HttpProblem =>
  new HttpProblem('INVALID_MESSAGE', 'must be the next_cursor of a page in the same order', { field: 'cursor' });

/** Body of `POST /api/v1/exams/{exam_id}/reviews`. */
export const BulkReviewSchema = v.object({
  /** The only outcome that may be recorded without opening the reports. */
  outcome: v.literal('nothing_to_follow_up'),
  /** 0–100. Reports above it are left out, and so are contested reports and those without a risk value. */
  max_risk: v.pipe(v.number(), v.minValue(0), v.maxValue(maxRisk)),
  /** 0–1. Reports with a lower coverage, or none, are left out. */
  min_coverage: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0),
  notes: v.optional(v.pipe(v.string(), v.maxLength(4000))),
  /** The number of reports that the reviewer saw; if another number matches now, nothing is recorded. Absent: count only. */
  expected: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
