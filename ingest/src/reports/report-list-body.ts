import { csvLine } from '@invigil/protocol/report';
import { observationTypes } from '@invigil/protocol/rules';
import type { ListedReport } from '../records/report-summary-records.ts';

const coverageBody = ({ summary }: ListedReport) =>
  summary.duration_s === null
    ? null
    : {
        share: summary.coverage_share,
        duration_s: summary.duration_s,
        observed_s: summary.observed_s,
        live_s: summary.live_s,
        late_s: summary.late_s,
      };

const reviewBody = ({ summary }: ListedReport, reviewers: number) => {
  const isReviewed = summary.outcome !== null && (reviewers < 2 || summary.other_by !== null);
  return {
    status: summary.outcome === null ? 'open' : isReviewed ? 'reviewed' : 'second',
    outcome: summary.outcome,
    by: summary.outcome_by,
    at: summary.outcome_at,
    other_outcome: summary.other_outcome,
    other_by: summary.other_by,
  };
};

/** A line of the list, as the API sends it. @param reviewers who must decide */
export const listedReportBody = (report: ListedReport, reviewers: number) => {
  const { summary, studentName, types } = report;
  return {
    session_id: summary.session_id,
    student_id: summary.member_id,
    student_name: studentName,
    version: summary.version,
    rules_version: summary.rules_version,
    started_at: summary.started_at,
    ended_at: summary.ended_at,
    risk: summary.risk,
    coverage: coverageBody(report),
    observations: Object.fromEntries(
      types.filter(({ observations }) => observations > 0).map(({ type, observations }) => [type, observations]),
    ),
    alerts: types.reduce((total, { alerts }) => total + alerts, 0),
    violations: summary.violations,
    contests: summary.contests,
    review: reviewBody(report, reviewers),
  };
};

const csvColumns = [
  'session_id',
  'student_id',
  'student_name',
  'version',
  'rules_version',
  'started_at',
  'ended_at',
  'priority',
  'coverage_share',
  'live_s',
  'late_s',
  'duration_s',
  'violations',
  'alerts',
  'contests',
  'review_status',
  'outcome',
  'reviewer',
  'reviewed_at',
  'other_outcome',
  'other_reviewer',
  ...observationTypes,
] as const;

/** The first line of the list as CSV. */
export const reportListHead = csvLine(csvColumns);

export const listedReportLine = (report: ListedReport, reviewers: number): string => {
  const body = listedReportBody(report, reviewers);
  const { summary, types } = report;
  const counts = new Map<string, number>(types.map(({ type, observations }) => [type, observations]));
  return csvLine([
    body.session_id,
    body.student_id,
    body.student_name,
    body.version,
    body.rules_version,
    body.started_at,
    body.ended_at,
    body.risk,
    summary.coverage_share,
    summary.live_s,
    summary.late_s,
    summary.duration_s,
    body.violations,
    body.alerts,
    body.contests,
    body.review.status,
    body.review.outcome,
    body.review.by,
    body.review.at,
    body.review.other_outcome,
    body.review.other_by,
    ...observationTypes.map((type) => counts.get(type) ?? 0),
  ]);
};
