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
  description: 'One of the kept reports; the newest without it',
};
const headers = { 'Report-Version': 'Which of the kept reports it is; absent while the session runs' };

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

const reviewed: Answer = { description: 'The review as it stands now', schema: ReviewSchema };

const putReview: Operation = {
  method: 'put',
  path: `${session}/review`,
  id: 'review',
  tag,
  summary: 'Say what a human makes of the report: the outcome, marks on observations, or both',
  description: 'Nothing is overwritten: later words stand beside earlier ones, and hold.',
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
    summary: 'The report as of now',
    description:
      'At most once a second for each session. With `rules` or `weights` a report of an ended session is made again and kept beside it.',
    action: 'session.read',
    query: {
      format,
      rules: { schema: v.picklist(Object.keys(ruleSets)), description: 'Version of the rules' },
      weights: { schema: v.picklist(Object.keys(riskWeightSets)), description: 'Version of the weights of the risk' },
    },
    answers: { 200: report },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'WRONG_STATUS', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/receipt`,
    id: 'getReceipt',
    tag,
    summary: 'The signed receipt of an ended session’s report',
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
    summary: 'The report of a session',
    action: 'session.read',
    query: {
      format,
      version,
      review: { schema: v.string(), description: '`none`: the analysis alone, to the byte as it was made' },
    },
    answers: { 200: report },
    problems: ['SESSION_NOT_FOUND', 'RATE_EXCEEDED', 'NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/report/observations.csv`,
    id: 'getObservationsCsv',
    tag,
    summary: 'The observations as a table',
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
    summary: 'Which reports are kept',
    action: 'session.read',
    answers: { 200: { description: 'Versions, oldest first', schema: ReportListSchema } },
    problems: ['SESSION_NOT_FOUND'],
  },
  {
    method: 'get',
    path: `${session}/review`,
    id: 'getReview',
    tag,
    summary: 'What humans said of the report',
    description: 'Students do not see names and notes of proctors.',
    action: 'session.read',
    answers: { 200: reviewed },
    problems: ['SESSION_NOT_FOUND'],
  },
  putReview,
  { ...putReview, method: 'post', id: 'postReview', summary: 'The same as PUT' },
  {
    method: 'post',
    path: `${session}/review/observations/{observation_id}/contest`,
    id: 'contestObservation',
    tag,
    summary: 'A student’s answer to an observation',
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
    summary: 'Who did what with the session',
    action: 'report.review',
    answers: { 200: { description: 'Oldest first', schema: AuditSchema } },
    problems: ['SESSION_NOT_FOUND'],
  },
];
