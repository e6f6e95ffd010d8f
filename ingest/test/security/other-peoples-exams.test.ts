import { decodeJwt } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

let server: TestServer;
let as: Record<'ada' | 'bob' | 'eve' | 'tina' | 'otto' | 'admin', Record<string, string>>;

const post = (path: string, body: object | undefined, who: Record<string, string>) =>
  server.ask('POST', path, body, who);
const create = async (examId: string, teacher: Record<string, string>, studentId: string): Promise<void> => {
  const policy = { webhook_url: 'https://hooks.example.org/invigil' };
  await post('/api/v1/exams', { exam_id: examId, title: examId, policy }, teacher);
  const students = [{ student_id: studentId, student_name: `Name of ${studentId}` }];
  await post(`/api/v1/exams/${examId}/enrolments`, { students }, teacher);
  await post(`/api/v1/exams/${examId}/open`, undefined, teacher);
};
const livekit = (query: string, who: Record<string, string>) =>
  server.ask('GET', `/api/v1/webrtc/livekit/token?${query}`, undefined, who);

beforeAll(async () => {
  server = await startServer({
    AUTH: 'jwt',
    JWT_SECRET: jwtSecret,
    LIVEKIT_URL: 'wss://livekit.example.org',
    LIVEKIT_API_KEY: 'key',
    LIVEKIT_API_SECRET: 'a livekit secret of thirty-two characters',
    WEBHOOK_SECRET: `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`,
  });
  as = {
    ada: bearer(await tokenOf('ada', 'STUDENT')),
    bob: bearer(await tokenOf('bob', 'STUDENT')),
    eve: bearer(await tokenOf('eve', 'STUDENT')),
    tina: bearer(await tokenOf('tina', 'TEACHER')),
    otto: bearer(await tokenOf('otto', 'TEACHER')),
    admin: bearer(await tokenOf('root', 'ADMIN')),
  };
  await create('physics', as.tina, 'ada');
  await create('chemistry', as.otto, 'bob');
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

test('a student’s video token is for their own exam, under their recorded name, and only to send', async () => {
  expect((await livekit('exam_id=chemistry&member_id=ada', as.ada)).status).toBe(403);
  expect((await livekit('exam_id=none&member_id=ada', as.ada)).status).toBe(403);
  const { json, headers } = await livekit('exam_id=physics&member_id=ada&name=Prof.%20Otto', as.ada);
  expect(decodeJwt(json.token)).toMatchObject({
    sub: 'ada',
    name: 'Name of ada',
    video: { room: 'physics', canPublish: true, canSubscribe: false },
  });
  expect(headers.get('cache-control')).toBe('no-store');
});

test('a teacher’s video token is in their own name', async () => {
  expect((await livekit('exam_id=physics&member_id=ada', as.tina)).status).toBe(403);
  const { json } = await livekit('exam_id=physics&member_id=tina', as.tina);
  expect(decodeJwt(json.token)).toMatchObject({ sub: 'tina', video: { canSubscribe: true } });
  expect((await livekit('exam_id=physics&member_id=bob', as.admin)).status).toBe(404);
});

test('a student cannot enrol by starting a session in an exam that does not exist yet', async () => {
  const start = { exam_id: 'maths-final', member_id: 'eve' };
  expect((await post('/api/v1/session/start', start, as.eve)).status).toBe(403);
  await create('maths-final', as.tina, 'ada');
  const { json } = await server.ask('GET', '/api/v1/exams/maths-final', undefined, as.tina);
  expect(json.students.map(({ student_id }: { student_id: string }) => student_id)).toEqual(['ada']);
});

test('accommodations cannot be set before the exam exists', async () => {
  const body = { accommodations: [{ name: 'x', off: ['phone_visible'] }] };
  const path = '/api/v1/exams/biology/accommodations/ada';
  expect((await server.ask('PUT', path, body, as.otto)).status).toBe(403);
});

test('a session token issued to a teacher cannot answer as the student', async () => {
  const start = { exam_id: 'physics', member_id: 'ada' };
  const answer = { question_id: 'q1', question_number: 1, answer: 'Danube' };
  const { json: given } = await post('/api/v1/session/start', start, as.tina);
  expect(await post('/api/v1/exams/physics/answers', answer, bearer(given.token))).toMatchObject({ status: 403 });
  const { json: own } = await post('/api/v1/session/start', start, as.ada);
  expect((await post('/api/v1/exams/physics/answers', answer, bearer(own.token))).status).not.toBe(403);
});

test('a teacher who uses a student’s personal link cannot hide that it was used', async () => {
  const links = '/api/v1/exams/physics/links';
  const { json: made } = await post(links, { student_ids: ['ada'] }, as.tina);
  const { token, first_used_at: before } = made.links.find((link: { student_id: string }) => link.student_id === 'ada');
  expect(before).toBeNull();
  const { json } = await post('/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' }, bearer(token));
  await post(links, { student_ids: ['ada'] }, as.tina);
  const { json: replaced } = await server.ask('GET', links, undefined, as.tina);
  const link = replaced.links.find((each: { student_id: string }) => each.student_id === 'ada');
  expect(link).toMatchObject({ created_by: 'tina', first_used_at: expect.any(String) });
  const report = await server.ask('GET', `/api/v1/session/${json.session_id}/report`, undefined, as.admin);
  expect(report.json.work).toMatchObject({ personal_link_used_at: link.first_used_at });
});

test('every token of a student is refused in the exam once the student was erased', async () => {
  const start = { exam_id: 'chemistry', member_id: 'bob' };
  const { json } = await post('/api/v1/session/start', start, as.bob);
  const { json: made } = await post('/api/v1/exams/chemistry/links', {}, as.otto);
  const link = bearer(made.links[0].token);
  await post(`/api/v1/session/${json.session_id}/end`, undefined, as.admin);
  const agents = '/api/v1/classrooms/chemistry/agents';
  const statuses = async (): Promise<number[]> => [
    (await server.ask('GET', agents, undefined, bearer(json.token))).status,
    (await server.ask('GET', '/api/v1/exams/chemistry', undefined, link)).status,
    (await server.ask('GET', '/api/v1/exams/chemistry', undefined, as.bob)).status,
  ];
  expect(await statuses()).toEqual([200, 200, 200]);
  expect((await server.ask('DELETE', '/api/v1/students/bob', undefined, as.admin)).status).toBe(200);
  expect(await statuses()).toEqual([403, 401, 403]);
  expect((await post('/api/v1/session/start', start, link)).status).toBe(401);
  expect((await post('/api/v1/session/start', start, as.bob)).status).toBe(403);
  expect((await server.ask('GET', '/api/v1/students/bob/export', undefined, as.admin)).json.records).toEqual({});
});

test('students do not see webhook addresses, teachers see only their own secret', async () => {
  const ofStudent = await server.ask('GET', '/api/v1/exams/physics', undefined, as.ada);
  expect(ofStudent.text).not.toContain('hooks.example.org');
  const ofTeacher = await server.ask('GET', '/api/v1/exams/physics', undefined, as.tina);
  expect(ofTeacher.json.webhook_secret).toMatch(/^whsec_/);
  expect(ofTeacher.json.webhook_secret).not.toContain(Buffer.from('a secret for signing').toString('base64'));
});

test('credentials in a webhook address are never shown, and stay when the address is sent back as it was read', async () => {
  const path = '/api/v1/exams/statements';
  const read = () => server.ask('GET', path, undefined, as.tina);
  const change = (webhook_url: string, policy: object = {}) =>
    server.ask('PATCH', path, { title: 'Statements', policy: { ...policy, webhook_url } }, as.tina);
  const policy = { webhook_url: 'https://store-key:store-password@lrs.example.org/statements' };
  const created = await post('/api/v1/exams', { exam_id: 'statements', title: 'Statements', policy }, as.tina);
  const before = await read();
  expect(before.json.policy.webhook_url).toBe('https://lrs.example.org/statements');
  const sentBack = await change(before.json.policy.webhook_url, before.json.policy);
  const after = await read();
  // The secret belongs to the whole address.
  expect(after.json.webhook_secret).toBe(before.json.webhook_secret);
  const listed = await server.ask('GET', '/api/v1/exams', undefined, as.tina);
  for (const { text } of [created, before, sentBack, after, listed]) expect(text).not.toMatch(/store-(key|password)/);
  for (const url of ['https://other.example.org/statements', before.json.policy.webhook_url]) await change(url);
  expect((await read()).json.webhook_secret).not.toBe(before.json.webhook_secret);
});

test('xAPI statements to an exam’s own address need PUBLIC_URL', async () => {
  const policy = { webhook_url: 'https://lrs.example.org/statements', webhook_format: 'xapi' };
  const refused = await post('/api/v1/exams', { exam_id: 'xapi', policy }, as.tina);
  expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('PUBLIC_URL, which is not set')]);
  expect((await post('/api/v1/exams', { exam_id: 'xapi' }, as.tina)).status).toBe(201);
  expect((await server.ask('PATCH', '/api/v1/exams/xapi', { policy }, as.tina)).status).toBe(400);
});

test('a student who reads a running report constantly does not block the teacher', async () => {
  const { json } = await post('/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' }, as.ada);
  const path = `/api/v1/session/${json.session_id}/report`;
  const statusOf = async (who: Record<string, string>) => (await server.ask('GET', path, undefined, who)).status;
  const [tina, ...ada] = await Promise.all([as.tina, as.ada, as.ada].map(statusOf));
  expect(tina).toBe(200);
  expect(ada.toSorted((a, b) => a - b)).toEqual([200, 429]);
});

test('the server’s own actions are not attributed to a user', async () => {
  const path = '/api/v1/students/retention/export';
  const { json } = await server.ask('GET', path, undefined, bearer(await tokenOf('retention', 'STUDENT')));
  expect(json.records).toEqual({});
});
