import type { operations, paths } from '@invigil/protocol/client';
import { answerOf } from './answer.ts';
import type { Answer } from './answer.ts';
import { staffApi } from './api.ts';

export type ReportListQuery = NonNullable<operations['listExamReports']['parameters']['query']>;
export type ReportPage =
  paths['/api/v1/exams/{exam_id}/reports']['get']['responses'][200]['content']['application/json'];
export type ListedReport = ReportPage['reports'][number];
export type RuleOutcome =
  paths['/api/v1/rule-outcomes']['get']['responses'][200]['content']['application/json']['rules'][number];
export type StudentHistoryAnswer =
  paths['/api/v1/students/{member_id}/history']['get']['responses'][200]['content']['application/json'];
export type HistoryReport = StudentHistoryAnswer['reports'][number];
type BulkReview = paths['/api/v1/exams/{exam_id}/reviews']['post']['requestBody']['content']['application/json'];

const path = (examId: string) => ({ path: { exam_id: examId } });

/** One page of an exam's reports. */
export const listReports = async (examId: string, query: ReportListQuery): Promise<Answer<ReportPage>> => {
  const answer = await answerOf(
    staffApi().GET('/api/v1/exams/{exam_id}/reports', { params: { ...path(examId), query } }),
    (page) => page,
  );
  if (!answer.ok) return answer;
  // The same address serves CSV to clients that ask for it.
  if (typeof answer.value === 'string') return { ok: false, problem: 'refused', detail: null };
  return { ok: true, value: answer.value };
};

/** All matching reports as CSV. */
export const fetchReportsCsv = (examId: string, query: ReportListQuery): Promise<Answer<string>> =>
  answerOf(
    staffApi().GET('/api/v1/exams/{exam_id}/reports', {
      params: { ...path(examId), query: { ...query, format: 'csv' } },
      parseAs: 'text',
    }),
    String,
  );

/** "Nothing to follow up" for many reports. @returns their number */
export const reviewMany = (
  examId: string,
  body: Omit<BulkReview, 'outcome'>,
): Promise<Answer<{ matching: number; recorded: number; failed: number }>> =>
  answerOf(
    staffApi().POST('/api/v1/exams/{exam_id}/reviews', {
      params: path(examId),
      body: { outcome: 'nothing_to_follow_up', ...body },
    }),
    ({ matching, recorded, failed }) => ({ matching, recorded, failed }),
  );

/** The report with the highest priority that this reviewer can decide on, other than this one; null if there is none. */
export const nextToReview = async (
  examId: string,
  exceptSessionId: string | null,
): Promise<Answer<ListedReport | null>> => {
  const answer = await listReports(examId, { decidable: 'true', limit: '2' });
  if (!answer.ok) return answer;
  return { ok: true, value: answer.value.reports.find(({ session_id: id }) => id !== exceptSessionId) ?? null };
};

export const fetchRuleOutcomes = (): Promise<Answer<RuleOutcome[]>> =>
  answerOf(staffApi().GET('/api/v1/rule-outcomes'), ({ rules }) => rules);

/** The student's reports in exams whose policy allows a history, the newest first. */
export const fetchStudentHistory = (studentId: string): Promise<Answer<StudentHistoryAnswer>> =>
  answerOf(
    staffApi().GET('/api/v1/students/{member_id}/history', { params: { path: { member_id: studentId } } }),
    (history) => history,
  );
