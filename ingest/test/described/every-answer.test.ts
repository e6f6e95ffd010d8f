import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPublic } from '../../src/openapi/operation.ts';
import { operations } from '../../src/openapi/operations.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { batch } from '../session-client.ts';
import { runSession } from '../proctored-session.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { describedAnswers, seenAnswers } from '@invigil/testkit/described/described-answers';

const secret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let server: TestServer;
let as: Record<'teacher' | 'ada' | 'admin', Record<string, string>>;
let adaToken: string;

const publicPaths = operations.filter(isPublic).map(({ path }) => path);
/** Answers with personal data that a cache could keep. */
const cacheable: string[] = [];
const watchCaching = (watched: TestServer): TestServer => ({
  ...watched,
  async ask(method, path, body, headers) {
    const answer = await watched.ask(method, path, body, headers);
    const isPersonal = !publicPaths.includes(path);
    if (isPersonal && answer.headers.get('cache-control') !== 'no-store') cacheable.push(`${method} ${path}`);
    return answer;
  },
});

beforeAll(async () => {
  receiver = await startReceiver(secret);
  const livekit = { LIVEKIT_URL: 'wss://live.example.org', LIVEKIT_API_KEY: 'key', LIVEKIT_API_SECRET: 's'.repeat(40) };
  const webhooks = { WEBHOOK_URL: receiver.url, WEBHOOK_SECRET: secret };
  const environment = { AUTH: 'jwt', JWT_SECRET: jwtSecret, ...livekit, ...webhooks };
  server = watchCaching(await startServer(environment, {}, await makeFolder()));
  adaToken = await tokenOf('ada', 'STUDENT');
  as = {
    teacher: bearer(await tokenOf('teacher', 'TEACHER')),
    ada: bearer(adaToken),
    admin: bearer(await tokenOf('admin', 'ADMIN')),
  };
});
afterAll(async () => {
  await server.close();
  await receiver.close();
  await removeFolders();
});

const get = (path: string, who = as.admin) => server.ask('GET', path, undefined, who);
const post = (path: string, body?: unknown, who = as.teacher) => server.ask('POST', path, body, who);

const lookAround = async (): Promise<void> => {
  for (const { path } of operations.filter(isPublic)) await get(path);
  await get('/ws/connections');
  await get('/api/v1/exams');
};

const beginExam = async (): Promise<void> => {
  await post('/api/v1/exams', { exam_id: 'dull' });
  await post('/api/v1/exams/dull/cancel');
  await server.ask('DELETE', '/api/v1/exams/dull', undefined, as.teacher);
  await post('/api/v1/exams', { exam_id: 'physics', policy: { breaks: true, history: true, phone_camera: true } });
  await server.ask('PATCH', '/api/v1/exams/physics', { duration_minutes: 90 }, as.teacher);
  await post('/api/v1/exams/physics/enrolments', { students: [{ student_id: 'ada' }, { student_id: 'left' }] });
  await server.ask('DELETE', '/api/v1/exams/physics/enrolments/left', undefined, as.teacher);
  const accommodations = { accommodations: [{ name: 'tics', off: ['head_turned'] }] };
  await server.ask('PUT', '/api/v1/exams/physics/accommodations/ada', accommodations, as.teacher);
  await get('/api/v1/exams/physics/accommodations/ada');
  await get('/api/v1/exams/physics/accommodations');
  await post('/api/v1/exams/physics/open');
  await post('/api/v1/exams/physics/start');
  await post('/api/v1/exams/physics/extra-time', { minutes: 10, student_ids: ['ada'] });
};

const work = async (): Promise<void> => {
  const path = '/api/v1/exams/physics';
  await get('/api/v1/webrtc/livekit/token?exam_id=physics&member_id=ada');
  await post(`${path}/progress`, { passage_index: 0, question_index: 0, question_number: 1 }, as.ada);
  for (const answer of ['B', 'C']) {
    await post(`${path}/answers`, { question_id: 'q1', question_number: 1, answer }, as.ada);
  }
  await post(`${path}/highlights`, { passage_id: 'p1', text: 'a passage' }, as.ada);
  const report = () => post(`${path}/violations`, { violation_type: 'TAB_SWITCH' }, as.ada);
  // Two of a kind within a second count as one; a slow machine may need longer for two.
  const both = async () => (await Promise.all([report(), report()])).map(({ status }) => status);
  await expect.poll(both, { timeout: 20_000 }).toContain(200);
  await get('/api/v1/classrooms/physics/agents');
  await post('/api/v1/counters/agent', { classroom_ids: ['physics'] });
  await post(`${path}/submission`, {}, as.ada);
  await get(`${path}/notice`, as.ada);
  await post('/api/v1/exams', { exam_id: 'locked', policy: { safe_exam_browser: {} } });
  await get('/api/v1/exams/locked/safe-exam-browser.seb');
  await server.ask('PUT', `${path}/check`, { items: { camera: 'good' }, calibrated: true }, as.ada);
  const { json } = await post(`${path}/requests`, { kind: 'help', text: 'I need more paper.' }, as.ada);
  await post(`${path}/requests/${json.request_id}/done`);
  await post(`${path}/links`, {});
  await get(`${path}/links`, as.teacher);
  await server.ask('DELETE', `${path}/links/ada`, undefined, as.teacher);
  await get(path, as.teacher);
  await get(path, as.ada);
};

/** @returns the path of the session. */
const proctor = async (): Promise<string> => {
  const { json } = await post('/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' }, as.admin);
  const session = { session_id: json.session_id };
  const path = `/api/v1/session/${json.session_id}`;
  const page = bearer(json.token);
  await post('/api/v1/session/ws/fallback', { ...session, extracted_features: { no_of_face: 1 } }, page);
  await post('/api/v1/session/ws/fallback', { ...session, ...batch(0, 4) }, page);
  await get(path);
  await post(`${path}/token`, undefined, as.admin);
  const link = await post(`${path}/camera-link`, undefined, page);
  await post('/api/v1/camera/join', { code: link.json.path.split('=')[1] }, page);
  await get(`${path}/camera`, page);
  await post(`${path}/messages`, { text: 'Please turn on a light.' });
  await post('/api/v1/exams/physics/messages', { text: 'Ten minutes left.' });
  await post(`${path}/break`, { action: 'begin' });
  await post(`${path}/flags`, { note: 'Look at this.' });
  await post(`${path}/analyze`);
  await post(`${path}/end`, undefined, page);
  return path;
};

const report = async (): Promise<void> => {
  const { sessionId, observationId } = await runSession(server, 'physics', 'ada', adaToken);
  const path = `/api/v1/session/${sessionId}`;
  for (const query of ['', '?format=sd', '?format=csv', '?version=1']) await get(`${path}/report${query}`);
  await get(`${path}/report/observations.csv`);
  await get(`${path}/reports`);
  await get(`${path}/replay`);
  await get('/api/v1/exams/physics/alerts');
  await get(`${path}/receipt`);
  const marks = { observations: [{ id: observationId, mark: 'confirmed' }] };
  await server.ask('PUT', `${path}/review`, { outcome: 'follow_up', ...marks }, as.teacher);
  await post(`${path}/review`, marks);
  await post(`${path}/review/observations/${observationId}/contest`, { text: 'It was the cat.' }, as.ada);
  for (const part of ['review', 'audit', 'report']) await get(`${path}/${part}`);
  for (const query of ['', '?format=csv']) await get(`/api/v1/exams/physics/reports${query}`);
  await post(
    '/api/v1/exams/physics/reviews',
    { outcome: 'nothing_to_follow_up', max_risk: 100, expected: 1 },
    as.admin,
  );
  await get('/api/v1/rule-outcomes');
  await get('/api/v1/students/ada/history');
};

const keep = async (session: string): Promise<void> => {
  const { id } = await receiver.next('report.created');
  await get('/api/v1/webhooks/deliveries');
  await post(`/api/v1/webhooks/deliveries/${id}/retry`, undefined, as.admin);
  await post('/api/v1/exams/physics/complete');
  await get('/api/v1/students/ada/export');
  await server.ask('DELETE', session, undefined, as.admin);
  await server.ask('DELETE', '/api/v1/students/ada', undefined, as.admin);
};

test('every described answer is given, matches its description, and is cached only if it is public', async () => {
  await lookAround();
  await beginExam();
  await work();
  const session = await proctor();
  await report();
  await keep(session);
  // TestServer compares each answer with its description.
  expect(describedAnswers().filter((answer) => !seenAnswers.has(answer))).toEqual([]);
  expect(cacheable).toEqual([]);
}, 60_000);
