import * as v from 'valibot';
import { observationTypes } from '@invigil/protocol/rules';
import { BulkReviewSchema, orders } from '../http/schemas/report-list.ts';
import { reportSorts, reportStatuses } from '../records/report-list-query.ts';
import type { Operation } from './operation.ts';
import {
  BulkReviewAnswerSchema,
  ExamReportsSchema,
  OpenAlertsSchema,
  RuleOutcomesSchema,
  StudentHistorySchema,
} from './report-answers.ts';

const tag = 'reports';
const number = v.pipe(v.string(), v.regex(/^\d{1,4}(?:\.\d{1,6})?$/));

/** The reports of a whole exam, and what reviewers decided in all exams. */
export const examReportOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/v1/exams/{exam_id}/reports',
    id: 'listExamReports',
    tag,
    summary: 'List the reports of an exam: sorted, filtered, in pages',
    description: 'The newest report of each ended session, with its review. Running sessions have no report yet.',
    action: 'report.review',
    query: {
      sort: { schema: v.picklist(reportSorts), description: '`priority` (risk) by default' },
      order: {
        schema: v.picklist(orders),
        description: '`asc` by default for `coverage` and `student`, `desc` for the others',
      },
      status: { schema: v.picklist(reportStatuses), description: 'Only reports with this review status' },
      type: { schema: v.picklist(observationTypes), description: 'Only reports with an observation of this type' },
      max_risk: { schema: number, description: '0–100: only reports up to this priority' },
      min_coverage: { schema: number, description: '0–1: only reports from this coverage' },
      student: { schema: v.string(), description: 'Part of the student’s id or name' },
      decidable: {
        schema: v.literal('true'),
        description:
          'Only reports that the user can decide on: open ones, and those that only another of two reviewers decided on',
      },
      limit: { schema: number, description: '1–200 reports per page, 50 by default' },
      cursor: { schema: v.string(), description: '`next_cursor` of the previous page' },
      format: {
        schema: v.picklist(['json', 'csv']),
        description: '`json` by default; `csv`: all matching reports, not only one page',
      },
    },
    answers: { 200: { description: 'One page', schema: ExamReportsSchema, otherTypes: ['text/csv'] } },
    problems: ['NOT_FOUND'],
  },
  {
    method: 'get',
    path: '/api/v1/exams/{exam_id}/alerts',
    id: 'listOpenAlerts',
    tag: 'exams',
    summary: 'List the unacknowledged alerts of an exam, in pages',
    description:
      'The newest alert of each student first, then each student’s second, and so on; each round from the newest to the oldest. ' +
      'Further pages contain no alert raised after the first page was read.',
    action: 'exam.manage',
    query: {
      limit: { schema: number, description: '1–100 alerts per page, 50 by default' },
      cursor: { schema: v.string(), description: '`next_cursor` of the previous page' },
    },
    answers: { 200: { description: 'One page', schema: OpenAlertsSchema } },
  },
  {
    method: 'post',
    path: '/api/v1/exams/{exam_id}/reviews',
    id: 'reviewExamReports',
    tag,
    summary: 'Record “nothing to follow up” for every undecided report up to a priority',
    description:
      'At most 1000 reports at once. Contested reports, and those that the reviewer already decided on, are left out. ' +
      'Nothing is recorded if the number of matching reports is not `expected`, or if `expected` is absent. If a store fails on the way, ' +
      '`session_ids` lists the reports that were decided on, and `failed` counts the others; repeat the request with that number.',
    action: 'report.review',
    body: BulkReviewSchema,
    answers: { 200: { description: 'The sessions whose reports were decided on', schema: BulkReviewAnswerSchema } },
    problems: ['NOT_FOUND', 'WRONG_STATUS'],
  },
  {
    method: 'get',
    path: '/api/v1/rule-outcomes',
    id: 'listRuleOutcomes',
    tag,
    summary: 'What reviewers decided about each rule’s observations and alerts, by version of the rules',
    description: 'In the teacher’s exams; for admins, in all exams. Counts only: no student is named.',
    action: 'rules.judge',
    answers: { 200: { description: 'By version and type', schema: RuleOutcomesSchema } },
  },
  {
    method: 'get',
    path: '/api/v1/students/{member_id}/history',
    id: 'readStudentHistory',
    tag,
    summary: 'A student’s reports in several exams, the newest first',
    description:
      'Only exams whose policy has `history: true`: of these, the teacher’s own; for admins, all. At most the 200 newest reports. ' +
      'Erasure and retention remove reports from the history at once.',
    action: 'student.history',
    answers: { 200: { description: 'The reports; none for an unknown student', schema: StudentHistorySchema } },
  },
];
