import type { components, paths } from '@invigil/protocol/client';
import type { CheckResults, StudentRequestKind } from '@invigil/protocol/channels';
import { answerOf, noContent, nothing } from './answer.ts';
import type { Answer } from './answer.ts';
import { staffApi, studentApi } from './api.ts';

/** The rules of an exam, which a student can read before consenting. */
export type Notice = paths['/api/v1/exams/{exam_id}/notice']['get']['responses']['200']['content']['application/json'];
export type ExamLinkBody =
  paths['/api/v1/exams/{exam_id}/links']['get']['responses']['200']['content']['application/json']['links'][number];
export type ExamRequest = Extract<components['schemas']['ExamState'], { students: unknown }>['requests'][number];

/** The student of this tab in an exam; `sessionId` is null before the session. */
export interface StudentPlace {
  examId: string;
  sessionId: string | null;
  studentId: string;
}

const path = (examId: string) => ({ params: { path: { exam_id: examId } } });

export const fetchNotice = (examId: string, sessionId: string | null): Promise<Answer<Notice>> =>
  answerOf(studentApi(examId, sessionId).GET('/api/v1/exams/{exam_id}/notice', path(examId)), (notice) => notice);

/** @returns when the server recorded the check. */
export const saveCheck = (
  { examId, sessionId, studentId }: StudentPlace,
  check: CheckResults,
): Promise<Answer<string>> =>
  answerOf(
    studentApi(examId, sessionId).PUT('/api/v1/exams/{exam_id}/check', {
      ...path(examId),
      body: { ...check, student_id: studentId },
    }),
    ({ checked_at: at }) => at,
  );

export const sendRequest = (
  { examId, sessionId, studentId }: StudentPlace,
  kind: StudentRequestKind,
  text: string | null,
): Promise<Answer<null>> =>
  answerOf(
    studentApi(examId, sessionId).POST('/api/v1/exams/{exam_id}/requests', {
      ...path(examId),
      body: { kind, text, student_id: studentId },
    }),
    nothing,
  );

/** All data about the student in this exam, as a file. Uses the personal link, because a session token cannot export. */
export const exportData = async ({ examId, studentId }: StudentPlace): Promise<Answer<Blob>> =>
  answerOf(
    studentApi(examId, null).GET('/api/v1/students/{member_id}/export', {
      params: { path: { member_id: studentId }, query: { exam_id: examId } },
      parseAs: 'blob',
    }),
    (file) => file as unknown as Blob,
  );

/** For staff. */
export const listLinks = (examId: string): Promise<Answer<ExamLinkBody[]>> =>
  answerOf(staffApi().GET('/api/v1/exams/{exam_id}/links', path(examId)), ({ links }) => links);

/** For staff. @param studentIds students whose links are replaced; if absent, every student without a valid link gets one. */
export const createLinks = (examId: string, studentIds?: string[]): Promise<Answer<ExamLinkBody[]>> =>
  answerOf(
    staffApi().POST('/api/v1/exams/{exam_id}/links', {
      ...path(examId),
      body: studentIds === undefined ? {} : { student_ids: studentIds },
    }),
    ({ links }) => links,
  );

/** For staff. */
export const revokeLink = (examId: string, studentId: string): Promise<Answer<null>> =>
  answerOf(
    staffApi().DELETE('/api/v1/exams/{exam_id}/links/{student_id}', {
      params: { path: { exam_id: examId, student_id: studentId } },
    }),
    noContent,
  );

/** For staff. */
export const finishRequest = (examId: string, requestId: string): Promise<Answer<null>> =>
  answerOf(
    staffApi().POST('/api/v1/exams/{exam_id}/requests/{request_id}/done', {
      params: { path: { exam_id: examId, request_id: requestId } },
    }),
    noContent,
  );
