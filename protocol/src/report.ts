/** Analysis of a session: coverage, observations, risk and the report with its human review. */
export type { Coverage, GapReason } from './report/coverage.ts';
export type { BaselineSummary } from './report/baseline-summary.ts';
export { riskWeightSets } from './report/risk-weights.ts';
export type { RiskWeights } from './report/risk-weights.ts';
export type { Risk } from './report/risk.ts';
export { compareFrames, observationsOf, startSession, stepSession } from './report/session-state.ts';
export type { SessionState } from './report/session-state.ts';
export { foldFrames, makeReport } from './report/report.ts';
export type { Report, ReportFacts, ReportObservation } from './report/report.ts';
export { ReportSchema } from './report/report-schema.ts';
export {
  ContestRequestSchema,
  reviewMarks,
  reviewOutcomes,
  ReviewRequestSchema,
  ReviewSchema,
  openReview,
} from './report/review.ts';
export type { Review, ReviewRequest } from './report/review.ts';
export { compareArrivals, startArrivals, stepArrivals } from './report/step-evidence.ts';
export { coverageUntil } from './report/arrival-coverage.ts';
export { isObservedAt } from './report/report-work.ts';
export { liveWithinMs } from './evidence/receipt-times.ts';
export type { RaisedAlert, SessionContext } from './report/session-context.ts';
export { emptyContext } from './report/session-context.ts';
export { sdReport } from './report/sd-report.ts';
export type { SdReport } from './report/sd-report.ts';
export { csvLine } from './report/csv-line.ts';
export { observationsCsv } from './report/observations-csv.ts';
export { encodeReplay, Replay } from './replay/replay-codec.ts';
export type { ReplayColumnName } from './replay/replay-columns.ts';
