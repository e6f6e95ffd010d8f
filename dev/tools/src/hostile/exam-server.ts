import { startServer } from '../fuzz/server-process.ts';
import type { FuzzedServer } from '../fuzz/server-process.ts';
import { tokenOf } from '../fuzz/tokens.ts';

export const examId = 'physics';

export interface StartedSession {
  sessionId: string;
  token: string;
}

/** Reaches the server from any thread. */
export interface ExamRequest {
  origin: string;
  request: (method: string, path: string, token: string, body?: unknown) => Promise<Response>;
  socketUrl: (path: string) => string;
}

/** A server in its own process, with the limits that it has by default, and an exam in progress. */
export interface ExamServer extends ExamRequest {
  server: FuzzedServer;
  teacher: string;
  start(memberId: string): Promise<StartedSession>;
}

export const examRequest = (origin: string): ExamRequest => ({
  origin,
  request: (method, path, token, body) =>
    fetch(origin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  socketUrl: (path) => origin.replace('http', 'ws') + path,
});

export const startExamServer = async (students: readonly string[]): Promise<ExamServer> => {
  const server = await startServer({ DRAIN_SECONDS: '0' });
  const teacher = await tokenOf('tina', 'TEACHER');
  const reach = examRequest(server.origin);
  const { request } = reach;
  const demand = async (path: string, body?: unknown): Promise<void> => {
    const response = await request('POST', path, teacher, body);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await demand('/api/v1/exams', { exam_id: examId, title: 'Physics' });
  await demand(`/api/v1/exams/${examId}/enrolments`, { students: students.map((student_id) => ({ student_id })) });
  await demand(`/api/v1/exams/${examId}/open`);
  await demand(`/api/v1/exams/${examId}/start`);
  return {
    ...reach,
    server,
    teacher,
    async start(memberId) {
      const body = { exam_id: examId, member_id: memberId };
      const response = await request('POST', '/api/v1/session/start', await tokenOf(memberId, 'STUDENT'), body);
      const { session_id: sessionId, token } = (await response.json()) as { session_id: string; token: string };
      return { sessionId, token };
    },
  };
};
