import { createApiClient } from '@invigil/protocol/client';
import type { ApiClient, ApiToken } from '@invigil/protocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret }, {}, await makeFolder());
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const clientOf = (token: ApiToken): ApiClient => createApiClient({ baseUrl: server.origin, token });

/** The data of a successful response; anything else fails the test. */
const dataOf = async <Data>(call: Promise<{ data?: Data; error?: unknown }>): Promise<NonNullable<Data>> => {
  const { data, error } = await call;
  expect(error).toBeUndefined();
  if (data === undefined || data === null) throw new Error('the response has no body');
  return data;
};

test('runs a whole exam with path parameters, queries, bodies and empty responses', async () => {
  const teacher = clientOf(await tokenOf('teacher', 'TEACHER'));
  const exam = await dataOf(teacher.POST('/api/v1/exams', { body: { title: 'Physics', total_questions: 2 } }));
  const ofExam = { params: { path: { exam_id: exam.exam_id } } };
  const students = [{ student_id: 'ada' }];
  const enrolled = await teacher.POST('/api/v1/exams/{exam_id}/enrolments', { ...ofExam, body: { students } });
  expect([enrolled.response.status, enrolled.data, enrolled.error]).toEqual([204, undefined, undefined]);
  await dataOf(teacher.POST('/api/v1/exams/{exam_id}/open', ofExam));
  const started = await dataOf(teacher.POST('/api/v1/exams/{exam_id}/start', ofExam));
  expect(started.status).toBe('IN_PROGRESS');
  const { exams } = await dataOf(teacher.GET('/api/v1/exams'));
  expect(exams.map(({ exam_id }) => exam_id)).toEqual([exam.exam_id]);

  const ada = clientOf(await tokenOf('ada', 'STUDENT'));
  const body = { question_id: 'q1', question_number: 1, answer: 'B' };
  const answered = await dataOf(ada.POST('/api/v1/exams/{exam_id}/answers', { ...ofExam, body }));
  expect(answered).toEqual({ question_id: 'q1', is_update: false });
  const start = { exam_id: exam.exam_id, member_id: 'ada' };
  const session = await dataOf(ada.POST('/api/v1/session/start', { body: start }));

  const page = clientOf(session.token);
  const { session_id } = session;
  const sent = await dataOf(
    page.POST('/api/v1/session/ws/fallback', { body: { session_id, extracted_features: { no_of_face: 1 } } }),
  );
  expect(sent).toEqual({ status: 'accepted', session_id });
  await page.POST('/api/v1/session/{session_id}/end', { params: { path: { session_id } } });
  const csv = await dataOf(
    teacher.GET('/api/v1/session/{session_id}/report', {
      params: { path: { session_id }, query: { format: 'csv', version: '1' } },
      parseAs: 'text',
    }),
  );
  expect(csv).toMatch(/^\S*type/);
});

test('returns the problem that the server reports', async () => {
  const { data, error, response } = await clientOf(null).GET('/api/v1/exams');
  expect(data).toBeUndefined();
  expect(response.status).toBe(401);
  expect(error).toMatchObject({ code: 'AUTH_FAILED', status: 401 });
});

test('calls a token function before each request', async () => {
  const tokens = [await tokenOf('ada', 'STUDENT'), await tokenOf('teacher', 'TEACHER')];
  const client = clientOf(async () => tokens.shift() ?? null);
  const body = { title: 'Physics' };
  expect((await client.POST('/api/v1/exams', { body })).error?.code).toBe('ACCESS_DENIED');
  expect((await client.POST('/api/v1/exams', { body })).response.status).toBe(201);
  expect((await client.POST('/api/v1/exams', { body })).error?.code).toBe('AUTH_FAILED');
});
