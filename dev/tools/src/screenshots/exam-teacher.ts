import { createApiClient } from '@invigil/protocol/client';
import { tokenOf } from '@invigil/testkit/tokens/tokens';

/** What a teacher does during a student's walk. */
export interface ExamTeacher {
  examId: string;
  /** The path of the student's personal link. */
  linkOf(studentId: string): Promise<string>;
  revoke(studentId: string): Promise<void>;
  step(name: 'open' | 'start'): Promise<void>;
  /** Answers a request for help, which must have arrived. */
  reply(studentId: string, text: string): Promise<void>;
  /** The exam as the teacher sees it. */
  exam(): Promise<ExamForTeacher>;
}

type Client = ReturnType<typeof createApiClient>;
type State = NonNullable<Awaited<ReturnType<typeof getExam>>['data']>;
type ExamForTeacher = Extract<State, { students: unknown }>;

const getExam = (client: Client, examId: string) =>
  client.GET('/api/v1/exams/{exam_id}', { params: { path: { exam_id: examId } } });

const policy = {
  live_view: 'thumbnails',
  evidence: 'thumbnail',
  breaks: true,
  organiser: {
    name: 'Northfield College',
    contact: 'exams@northfield.example',
    privacy_url: 'https://northfield.example/privacy',
  },
} as const;

/** Creates an exam with one student, as a teacher with a token. */
export const createTeacher = async (serverUrl: string, examId: string, title: string): Promise<ExamTeacher> => {
  const client = createApiClient({ baseUrl: serverUrl, token: await tokenOf('tina', 'TEACHER') });
  const path = { params: { path: { exam_id: examId } } };
  const body = { exam_id: examId, title, duration_minutes: 90, policy };
  await client.POST('/api/v1/exams', { body: { ...body, scheduled_at: '2026-12-01T09:00:00Z' } });
  const students = [{ student_id: 'ada', student_name: 'Ada Lovelace' }];
  await client.POST('/api/v1/exams/{exam_id}/enrolments', { ...path, body: { students } });
  const exam = async (): Promise<ExamForTeacher> => {
    const { data } = await getExam(client, examId);
    if (data === undefined || !('students' in data)) throw new Error(`the exam ${examId} cannot be read`);
    return data;
  };
  return {
    examId,
    exam,
    async linkOf(studentId) {
      const { data } = await client.POST('/api/v1/exams/{exam_id}/links', { ...path, body: {} });
      const link = data?.links.find(({ student_id: id }) => id === studentId);
      if (link?.path == null) throw new Error(`${studentId} has no link`);
      return link.path;
    },
    async revoke(studentId) {
      await client.DELETE('/api/v1/exams/{exam_id}/links/{student_id}', {
        params: { path: { exam_id: examId, student_id: studentId } },
      });
    },
    async step(name) {
      await client.POST(`/api/v1/exams/{exam_id}/${name}`, path);
    },
    async reply(studentId, text) {
      const { requests, students: known } = await exam();
      const request = requests.find((each) => each.student_id === studentId && each.done_at === null);
      const session = known.find((each) => each.student_id === studentId)?.sessions.at(-1);
      if (request === undefined || session === undefined) throw new Error(`${studentId} has not asked for help`);
      await client.POST('/api/v1/session/{session_id}/messages', {
        params: { path: { session_id: session.session_id } },
        body: { text },
      });
      await client.POST('/api/v1/exams/{exam_id}/requests/{request_id}/done', {
        params: { path: { exam_id: examId, request_id: request.request_id } },
      });
    },
  };
};
