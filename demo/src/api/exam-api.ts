import type { components, paths } from '@invigil/protocol/client';
import { answerOf, noContent } from './answer.ts';
import type { Answer } from './answer.ts';
import { apiWith, sessionApi, staffApi } from './api.ts';

export type Exam = components['schemas']['Exam'];
/** The full state of an exam: its students, their sessions (oldest first) and their progress. */
export type ExamState = Extract<components['schemas']['ExamState'], { students: unknown }>;
export type ExamStudent = ExamState['students'][number];
export type ExamSession = ExamStudent['sessions'][number];
export type ExamStep = 'open' | 'start' | 'complete' | 'cancel';
export type NewExam = components['schemas']['NewExam'];
export type ExamChanges = NonNullable<
  paths['/api/v1/exams/{exam_id}']['patch']['requestBody']
>['content']['application/json'];
type Enrolments = paths['/api/v1/exams/{exam_id}/enrolments']['post']['requestBody']['content']['application/json'];
export type NewStudent = Enrolments['students'][number];

const path = (examId: string) => ({ params: { path: { exam_id: examId } } });

export const listExams = (): Promise<Answer<Exam[]>> => answerOf(staffApi().GET('/api/v1/exams'), ({ exams }) => exams);

export const fetchExam = async (examId: string): Promise<Answer<ExamState>> => {
  const answer = await answerOf(staffApi().GET('/api/v1/exams/{exam_id}', path(examId)), (exam) => exam);
  if (!answer.ok) return answer;
  // A student gets their own part of the exam only.
  if (!('students' in answer.value)) return { ok: false, problem: 'forbidden', detail: null };
  return { ok: true, value: answer.value };
};

/** Title and status only; needs no token. */
export const fetchExamStatus = (examId: string): Promise<Answer<Pick<Exam, 'title' | 'status'>>> =>
  answerOf(apiWith(null).GET('/api/v1/exams/{exam_id}', path(examId)), (exam) => exam);

export const createExam = (exam: NewExam): Promise<Answer<Exam>> =>
  answerOf(staffApi().POST('/api/v1/exams', { body: exam }), (created) => created);

export const enrol = (examId: string, students: NewStudent[]): Promise<Answer<null>> =>
  answerOf(staffApi().POST('/api/v1/exams/{exam_id}/enrolments', { ...path(examId), body: { students } }), noContent);

/** Changes only the given fields. */
export const changeExam = (examId: string, changes: ExamChanges): Promise<Answer<Exam>> =>
  answerOf(staffApi().PATCH('/api/v1/exams/{exam_id}', { ...path(examId), body: changes }), (exam) => exam);

export const deleteExam = (examId: string): Promise<Answer<null>> =>
  answerOf(staffApi().DELETE('/api/v1/exams/{exam_id}', path(examId)), noContent);

export const removeStudent = (examId: string, studentId: string): Promise<Answer<null>> =>
  answerOf(
    staffApi().DELETE('/api/v1/exams/{exam_id}/enrolments/{student_id}', {
      params: { path: { exam_id: examId, student_id: studentId } },
    }),
    noContent,
  );

export const takeStep = (examId: string, step: ExamStep): Promise<Answer<Exam>> =>
  answerOf(staffApi().POST(`/api/v1/exams/{exam_id}/${step}`, path(examId)), (exam) => exam);

/** @param studentIds null: all students who have a session @returns the number of sessions that the message is sent to */
export const messageStudents = (examId: string, text: string, studentIds: string[] | null): Promise<Answer<number>> =>
  answerOf(
    staffApi().POST('/api/v1/exams/{exam_id}/messages', {
      ...path(examId),
      body: studentIds === null ? { text } : { text, student_ids: studentIds },
    }),
    ({ sessions }) => sessions,
  );

export interface ExtraTime {
  /** Negative to take time back. */
  minutes: number;
  /** Null: all students. */
  studentIds: string[] | null;
  /** The same for a repeated request, which then adds nothing. */
  requestId: string;
}

/** @returns the number of students who got it */
export const giveExtraTime = (examId: string, { minutes, studentIds, requestId }: ExtraTime): Promise<Answer<number>> =>
  answerOf(
    staffApi().POST('/api/v1/exams/{exam_id}/extra-time', {
      ...path(examId),
      body: { minutes, request_id: requestId, ...(studentIds === null ? {} : { student_ids: studentIds }) },
    }),
    ({ students }) => students,
  );

type AnswerBody = paths['/api/v1/exams/{exam_id}/answers']['post']['requestBody']['content']['application/json'];

/** As the session's student. @returns the question's id, which only our server repeats. */
export const saveAnswer = (sessionId: string, examId: string, body: AnswerBody): Promise<Answer<string>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/exams/{exam_id}/answers', { ...path(examId), body }),
    ({ question_id: id }) => id,
    'unreachable',
  );

/** As the session's student. @param chain head of the frame chain. @returns when it was handed in, by the server's clock. */
export const handIn = (
  sessionId: string,
  examId: string,
  body: { student_id?: string; chain: string | null },
): Promise<Answer<string>> =>
  answerOf(
    sessionApi(sessionId).POST('/api/v1/exams/{exam_id}/submission', { ...path(examId), body }),
    ({ submitted_at: at }) => at,
    'unreachable',
  );
