/** The figures of a session's newest report, for the list of an exam's reports. Derived: it can be computed again from reports and reviews. */
export interface ReportSummariesTable {
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
  /** The report's version. */
  version: number;
  rules_version: string;
  started_at: string | null;
  ended_at: string | null;
  risk: number | null;
  duration_s: number | null;
  observed_s: number | null;
  live_s: number | null;
  late_s: number | null;
  /** Observed live; in reports of rules before version 3, observed. 0–1. */
  coverage_share: number | null;
  observations: number;
  violations: number;
  contests: number;
  /** The newest decision, and the newest one of another reviewer. */
  outcome: string | null;
  outcome_by: string | null;
  outcome_at: string | null;
  other_outcome: string | null;
  other_by: string | null;
}

/** Observations and alerts of one type in a session's newest report, and the reviewers' marks on them. */
interface ReportTypesTable {
  session_id: string;
  type: string;
  exam_id: string | null;
  rules_version: string;
  observations: number;
  seconds: number;
  confirmed: number;
  dismissed: number;
  unsure: number;
  alerts: number;
  alerts_confirmed: number;
  alerts_dismissed: number;
  alerts_unsure: number;
}

export interface ReportSummaryTables {
  report_summaries: ReportSummariesTable;
  report_types: ReportTypesTable;
}
