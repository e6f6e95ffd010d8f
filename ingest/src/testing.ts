/** Parts of the server for this repository's own tests and tools. Not published. */
export { defaultRules } from './analysis/analysis-rules.ts';
export { EmbeddedCheckpointStore } from './analysis/embedded-checkpoint-store.ts';
export { RunningAnalysis } from './analysis/running-analysis.ts';
export { foldAll } from './dump/analyze-dump.ts';
export { statusOf } from './http/problems/http-problem.ts';
export { configTable } from './config/config-table.ts';
export { frameScripts } from './frames/append-scripts.ts';
export { EmbeddedFrameStore } from './frames/embedded-frame-store.ts';
export { asyncapiDocument } from './openapi/asyncapi.ts';
export { openapiDocument } from './openapi/openapi.ts';
export { ExamRecords } from './records/exam-records.ts';
export { ExamStudentRecords } from './records/exam-student-records.ts';
export { RecordsDatabase } from './records/records-database.ts';
export type { RecordsLocation } from './records/records-database.ts';
export { SessionRecords } from './records/session-records.ts';
export { SessionIntake } from './sessions/session-intake.ts';
export { createMetrics } from './telemetry/ingest-metrics.ts';
export { OutageLog } from './telemetry/outage-log.ts';
