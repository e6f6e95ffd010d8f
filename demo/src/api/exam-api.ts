import type { ExamPolicy, ExamStatus, ViolationType } from '@invigil/protocol/channels';
import { apiCall, readAs } from './api-call.ts';
import type { Answer } from './api-call.ts';
import { staffToken } from '../sign-in/staff-token.ts';

/** An exam as the server tells it to its teachers. Moments are ISO 8601. */
export interface Exam {
  exam_id: string;
  title: string | null;
  status: ExamStatus;
  duration_minutes: number | null;
  total_questions: number | null;
  policy: ExamPolicy;
  pin: string | null;
  created_at: string;
  started_at: string | null;
}

/** One sitting of a student. Moments are ISO 8601. */
export interface ExamSession {
  session_id: string;
  status: 'running' | 'ending' | 'ended';
  started_at: string;
  ended_at: string | null;
}

export interface ExamStudent {
  student_id: string;
  student_name: string;
  connected: boolean;
  answered_questions: number;
  violations: Partial<Record<ViolationType, number>>;
  submission: object | null;
  /** Oldest first. */
  sessions: ExamSession[];
}

/** The whole state of an exam, as it is now. */
export interface ExamState extends Exam {
  students: ExamStudent[];
}

export type ExamStep = 'open' | 'start' | 'complete' | 'cancel';

export interface NewStudent {
  student_id: string;
  student_name?: string;
}

export interface NewExam {
  title: string;
  duration_minutes?: number;
  policy: { live_view: ExamPolicy['live_view']; breaks: boolean };
}

const call = (method: string, rest: string, body?: unknown): Promise<Answer<unknown>> =>
  apiCall(method, `/api/v1/exams${rest}`, staffToken(), body);

const at = (examId: string, rest = ''): string => `/${encodeURIComponent(examId)}${rest}`;

export const listExams = async (): Promise<Answer<Exam[]>> =>
  readAs(await call('GET', ''), (value) => (value as { exams: Exam[] }).exams);

export const fetchExam = async (examId: string): Promise<Answer<ExamState>> =>
  readAs(await call('GET', at(examId)), (value) => value as ExamState);

export const createExam = async (exam: NewExam): Promise<Answer<Exam>> =>
  readAs(await call('POST', '', exam), (value) => value as Exam);

export const enrol = async (examId: string, students: readonly NewStudent[]): Promise<Answer<null>> =>
  readAs(await call('POST', at(examId, '/enrolments'), { students }), () => null);

export const takeStep = async (examId: string, step: ExamStep): Promise<Answer<Exam>> =>
  readAs(await call('POST', at(examId, `/${step}`)), (value) => value as Exam);
