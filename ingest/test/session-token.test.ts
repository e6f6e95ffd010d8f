import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

let server: TestServer;
let admin: Record<string, string>;
let teacher: Record<string, string>;
beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  admin = bearer(await tokenOf('exam-system', 'ADMIN'));
  teacher = bearer(await tokenOf('tina', 'TEACHER'));
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const start = async (memberId: string, who = admin) =>
  (await server.ask('POST', '/api/v1/session/start', { exam_id: 'physics', member_id: memberId }, who)).json;

const renew = (sessionId: string, who = admin) =>
  server.ask('POST', `/api/v1/session/${sessionId}/token`, undefined, who);

test('renews the token of a running session', async () => {
  const { session_id: sessionId } = await start('ada');
  const { status, json } = await renew(sessionId);
  expect(status).toBe(200);
  expect(json).toMatchObject({ session_id: sessionId, token_expires_at: expect.stringMatching(/Z$/) });
  expect(decodeJwt(json.token)).toMatchObject({ sub: 'ada', session_id: sessionId, role: 'STUDENT' });
  const read = await server.ask('GET', `/api/v1/session/${sessionId}`, undefined, bearer(json.token));
  expect(read.json).toMatchObject({ session_id: sessionId, status: 'running' });
});

test('issues a teacher only a token that cannot answer as the student', async () => {
  await server.ask('POST', '/api/v1/exams', { exam_id: 'history' }, teacher);
  await server.ask('POST', '/api/v1/exams/history/enrolments', { students: [{ student_id: 'bob' }] }, teacher);
  await server.ask('POST', '/api/v1/exams/history/open', undefined, teacher);
  const body = { exam_id: 'history', member_id: 'bob' };
  const { session_id: sessionId } = (await server.ask('POST', '/api/v1/session/start', body, teacher)).json;
  const claims = decodeJwt((await renew(sessionId, teacher)).json.token);
  expect(claims).toMatchObject({ session_id: sessionId, may_answer: false });
});

test('refuses a session token, so that a stolen one cannot live for ever', async () => {
  const { session_id: sessionId, token } = await start('carl');
  expect((await renew(sessionId, bearer(token))).status).toBe(403);
});

test('refuses another student, an unknown session and a session that has ended', async () => {
  const { session_id: sessionId } = await start('dora');
  expect((await renew(sessionId, bearer(await tokenOf('eve', 'STUDENT')))).status).toBe(403);
  expect((await renew('none')).json).toMatchObject({ status: 404, code: 'SESSION_NOT_FOUND' });
  await server.ask('POST', `/api/v1/session/${sessionId}/end`, undefined, admin);
  const ended = await renew(sessionId);
  expect(ended.json).toMatchObject({ status: 409, code: 'SESSION_ENDED' });
});
