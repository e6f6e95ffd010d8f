import { ApiProblem, createApiClient } from '@invigil/protocol/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '../ingest-server.ts';
import type { TestServer } from '../ingest-server.ts';
import { jwtSecret, tokenOf } from '../tokens.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret }, {}, await makeFolder());
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const clientOf = (token: string | null) => createApiClient({ serverUrl: server.origin, token: () => token, fetch });

test('the generated client goes through an exam, with paths, queries, bodies and empty answers', async () => {
  const teacher = clientOf(await tokenOf('teacher', 'TEACHER'));
  const exam = await teacher.createExam({ body: { title: 'Physics', total_questions: 2 } });
  const path = { exam_id: exam.exam_id };
  expect(await teacher.enrolStudents({ path, body: { students: [{ student_id: 'ada' }] } })).toBeNull();
  await teacher.openExam({ path });
  expect((await teacher.startExam({ path })).status).toBe('IN_PROGRESS');
  expect((await teacher.listExams()).exams.map(({ exam_id }) => exam_id)).toEqual([exam.exam_id]);

  const ada = clientOf(await tokenOf('ada', 'STUDENT'));
  const answer = { question_id: 'q1', question_number: 1, answer: 'B' };
  expect(await ada.answerQuestion({ path, body: answer })).toEqual({ question_id: 'q1', is_update: false });
  const session = await ada.startSession({ body: { exam_id: exam.exam_id, member_id: 'ada' } });
  const page = clientOf(session.token);
  const ofSession = { session_id: session.session_id };
  const sent = await page.sendSessionMessage({ body: { ...ofSession, extracted_features: { no_of_face: 1 } } });
  expect(sent).toEqual({ status: 'accepted', ...ofSession });
  await page.endSession({ path: ofSession });
  const csv = await teacher.getReport({ path: ofSession, query: { format: 'csv', version: 1 } });
  expect(csv).toMatch(/^\S*type/);
});

test('the generated client rejects with what the server says is wrong', async () => {
  const refused = clientOf(null).listExams();
  await expect(refused).rejects.toBeInstanceOf(ApiProblem);
  await expect(refused).rejects.toMatchObject({ status: 401, problem: { code: 'AUTH_FAILED' } });
});
