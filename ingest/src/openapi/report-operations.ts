import { ReceiptSchema } from './receipt-answers.ts';
import * as v from 'valibot';
import {
  ContestRequestSchema,
  ReportSchema,
  ReviewRequestSchema,
  ReviewSchema,
  riskWeightSets,
} from '@invigil/protocol/report';
import { ruleSets } from '@invigil/protocol/rules';
import { reportFormats } from '../http/schemas/report-format.ts';
import type { Answer, Operation, QueryParameter } from './operation.ts';
import { AuditSchema, ReportListSchema, SdReportSchema } from './report-answers.ts';

const tag = 'reports';
const session = '/api/v1/session/{session_id}';

const version: QueryParameter = {
  schema: v.pipe(v.string(), v.regex(/^[1-9]\d{0,8}$/)),
  description: 'A stored version; the newest if absent',
};
const headers = { 'Report-Version': 'The stored version; absent while the session runs' };

const timeMs = v.pipe(v.string(), v.regex(/^\d{1,16}$/));

const format: QueryParameter = {
  schema: v.picklist(reportFormats),
  description: '`json` by default; `sd`: the fields of the documented server; `csv`: the observations as a table',
};
const report: Answer = {
  description: 'The report',
  schema: v.union([ReportSchema, SdReportSchema]),
  otherTypes: ['text/csv'],
  headers,
};

const reviewed: Answer = { description: 'The current review', schema: ReviewSchema };

const putReview: Operation = {
  method: 'put',
  path: `${session}/review`,
  id: 'review',
  tag,
  summary: 'Review the report: an outcome, marks on observations, or both',
  description: 'Nothing is overwritten: later entries are added and take precedence.',
  action: 'report.review',
  body: ReviewRequestSchema,
  answers: { 200: reviewed },
  problems: ['SESSION_NOT_FOUND', 'WRONG_STATUS', 'NOT_FOUND'],
};

export const reportOperations: readonly Operation[] = [
  {
    method: 'post',
    path: `${session}/analyze`,
    id: 'analyzeSession',
    tag,
    summary: 'Analyse a session now',
    description:
      'At most once a second for each session. With `rules` or `weights`, an ended session is analysed again and the report is stored as a further version.',
    action: 'session.read',
    query: {
      format,
      rules: { schema: v.picklist(Object.keys(ruleSets)), description: 'Version of the rules' },
      weights: { schema: v.picklist(Object.keys(riskWeightSets)), description: 'Version of the risk weights' },
    },
    answers: { 200: report },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'WRONG_STATUS', 'NOT_FOUND', 'SERVER_BUSY'],
  },
  {
    method: 'get',
    path: `${session}/receipt`,
    id: 'getReceipt',
    tag,
    summary: 'Get the signed receipt of an ended session’s report',
    description:
      'Each report version has its own; `previous` is the hash of the receipt before. With the proof for its day’s root, once that is ' +
      'published. `npm run verify` checks it offline.',
    action: 'session.read',
    query: { version },
    answers: { 200: { description: 'The receipt', schema: ReceiptSchema } },
    problems: ['SESSION_NOT_FOUND', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/report`,
    id: 'getReport',
    tag,
    summary: 'Get a session’s report',
    action: 'session.read',
    query: {
      format,
      version,
      review: { schema: v.string(), description: '`none`: the analysis only, byte for byte as it was made' },
    },
    answers: { 200: report },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/replay`,
    id: 'getReplay',
    tag,
    summary: 'Get the session’s readings for a replay',
    description:
      'Binary, streamed in order of time; `Replay` of `@invigil/protocol/report` reads it. At most once a second for each reader.',
    action: 'session.read',
    query: {
      from_ms: {
        schema: timeMs,
        description: 'Client clock, milliseconds since the Unix epoch; from the first frame if absent',
      },
      to_ms: { schema: timeMs, description: 'The frames before this time; to the last if absent' },
    },
    answers: {
      200: {
        description: 'The frames',
        schema: null,
        otherTypes: ['application/octet-stream'],
        headers: { 'Replay-Start': 'Time that the frames’ times are relative to, milliseconds since the Unix epoch' },
      },
    },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/report/observations.csv`,
    id: 'getObservationsCsv',
    tag,
    summary: 'Get the observations as a table',
    action: 'session.read',
    query: { version },
    answers: { 200: { description: 'Comma-separated values', schema: null, otherTypes: ['text/csv'], headers } },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/reports`,
    id: 'listReports',
    tag,
    summary: 'List the stored report versions',
    action: 'session.read',
    answers: { 200: { description: 'Versions, oldest first', schema: ReportListSchema } },
    problems: ['SESSION_NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/review`,
    id: 'getReview',
    tag,
    summary: 'Get the human review',
    description: 'Students do not see proctors’ names and notes.',
    action: 'session.read',
    answers: { 200: reviewed },
    problems: ['SESSION_NOT_FOUND'],
  },
  putReview,
  { ...putReview, method: 'post', id: 'postReview', summary: 'Same as PUT' },
  {
    method: 'post',
    path: `${session}/review/observations/{observation_id}/contest`,
    id: 'contestObservation',
    tag,
    summary: 'Contest an observation as the student',
    action: 'report.contest',
    body: ContestRequestSchema,
    answers: { 201: reviewed },
    problems: ['SESSION_NOT_FOUND', 'WRONG_STATUS', 'NOT_FOUND', 'RATE_EXCEEDED'],
  },
  {
    method: 'get',
    path: `${session}/audit`,
    id: 'getAudit',
    tag,
    summary: 'Get the session’s audit log',
    action: 'report.review',
    answers: { 200: { description: 'Oldest first', schema: AuditSchema } },
    problems: ['SESSION_NOT_FOUND'],
  },
];
