import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { configKeyOf, keyHash } from '../src/safe-exam-browser/config-key.ts';
import { examConfiguration } from '../src/safe-exam-browser/exam-configuration.ts';

let server: TestServer;
let as: Record<'ada' | 'tina' | 'platform', Record<string, string>>;
let linkToken: string;
let origin: string;

const start = '/api/v1/session/start';
const configuration = '/api/v1/exams/physics/safe-exam-browser.seb';
const body = { exam_id: 'physics', member_id: 'ada' };
const post = (path: string, sent: object | undefined, headers: Record<string, string>) =>
  server.ask('POST', path, sent, headers);
/** What Safe Exam Browser adds to a request. */
const seb = (path: string, examId = 'physics') => ({
  'x-safeexambrowser-configkeyhash': keyHash(origin + path, configKeyOf(examConfiguration(origin, examId))),
});

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  origin = `http://127.0.0.1:${server.port}`;
  as = {
    ada: bearer(await tokenOf('ada', 'STUDENT')),
    tina: bearer(await tokenOf('tina', 'TEACHER')),
    platform: bearer(await tokenOf('platform', 'ADMIN')),
  };
  for (const [examId, policy] of [
    ['physics', { safe_exam_browser: {} }],
    ['history', {}],
  ] as const) {
    const students = ['ada', 'bob'].map((student_id) => ({ student_id, student_name: `Name of ${student_id}` }));
    await post('/api/v1/exams', { exam_id: examId, policy }, as.tina);
    await post(`/api/v1/exams/${examId}/enrolments`, { students }, as.tina);
    await post(`/api/v1/exams/${examId}/open`, undefined, as.tina);
    await post(`/api/v1/exams/${examId}/start`, undefined, as.tina);
  }
  const { json } = await post('/api/v1/exams/physics/links', { student_ids: ['ada'] }, as.tina);
  linkToken = json.links[0].token;
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const refusal = (detail: string) => ({
  status: 403,
  json: { code: 'SAFE_EXAM_BROWSER_REQUIRED', detail: expect.stringContaining(detail) },
});

test('another browser cannot start the exam, and the answer says what is missing and who can change it', async () => {
  for (const who of [as.ada, bearer(linkToken)]) {
    const refused = await post(start, body, who);
    expect(refused).toMatchObject(refusal('must be taken in Safe Exam Browser'));
    expect(refused).toMatchObject(refusal(configuration));
    expect(refused).toMatchObject(refusal('ask a teacher of the exam'));
  }
  expect(await post(start, body, { ...as.ada, ...seb(start, 'history') })).toMatchObject(
    refusal('not opened with the configuration of this exam'),
  );
});

test('the exam runs in Safe Exam Browser, and the report says so', async () => {
  const started = await post(start, body, { ...as.ada, ...seb(start) });
  expect(started.status).toBe(201);
  const token = bearer(started.json.token);
  const answers = '/api/v1/exams/physics/answers';
  const answer = { question_id: 'q1', question_number: 1, answer: 'Danube' };
  expect(await post(answers, answer, token)).toMatchObject(refusal('must be taken'));
  expect((await post(answers, answer, { ...token, ...seb(answers) })).status).toBe(201);
  const renewal = `/api/v1/session/${started.json.session_id}/token`;
  expect(await post(renewal, undefined, as.ada)).toMatchObject(refusal('must be taken'));
  expect((await post(renewal, undefined, { ...as.ada, ...seb(renewal) })).status).toBe(200);
  const { json: report } = await server.ask(
    'GET',
    `/api/v1/session/${started.json.session_id}/report`,
    undefined,
    as.tina,
  );
  expect(report.work).toMatchObject({ safe_exam_browser: 'verified' });
});

test('an exam platform acts for its students from no browser; the report says that none was verified', async () => {
  const { status, json } = await post(start, { ...body, member_id: 'bob' }, as.platform);
  expect(status).toBe(201);
  const { json: report } = await server.ask('GET', `/api/v1/session/${json.session_id}/report`, undefined, as.tina);
  expect(report.work).toMatchObject({ safe_exam_browser: 'not_verified' });
});

test('an exam without the requirement runs in any browser, and has no configuration', async () => {
  const { status, json } = await post(start, { ...body, exam_id: 'history' }, as.ada);
  expect(status).toBe(201);
  const { json: report } = await server.ask('GET', `/api/v1/session/${json.session_id}/report`, undefined, as.tina);
  expect(report.work).not.toHaveProperty('safe_exam_browser');
  for (const examId of ['history', 'unknown']) {
    const answer = await server.ask('GET', `/api/v1/exams/${examId}/safe-exam-browser.seb`);
    expect(answer).toMatchObject({ status: 404, json: { detail: 'there is no exam with this id' } });
  }
});

test('the notice names the configuration, which Safe Exam Browser can fetch without a token', async () => {
  const { json: notice } = await server.ask('GET', '/api/v1/exams/physics/notice', undefined, as.ada);
  expect(notice.safe_exam_browser).toEqual({ configuration, quit: '/seb/quit' });
  const file = await server.ask('GET', configuration);
  expect(file.status).toBe(200);
  expect(file.text).toContain(`<key>startURL</key><string>${origin}/seb/physics</string>`);
  const response = await fetch(origin + configuration);
  expect(response.headers.get('content-type')).toBe('application/seb');
  expect(response.headers.get('content-disposition')).toBe('attachment; filename=physics.seb');
});

test('the start address passes a personal link on behind the #, where it is not sent again', async () => {
  const go = async (path: string) => {
    const { status, headers } = await fetch(origin + path, { redirect: 'manual' });
    return { status, to: headers.get('location') };
  };
  expect(await go(`/seb/physics?link=${linkToken}`)).toEqual({ status: 303, to: `/?exam=physics#link=${linkToken}` });
  expect(await go('/seb/physics')).toEqual({ status: 303, to: '/?exam=physics' });
  expect(await go('/seb/physics?link=a%26b%23c')).toEqual({ status: 303, to: '/?exam=physics#link=a%26b%23c' });
  expect(await go('/seb/quit')).toEqual({ status: 303, to: '/' });
  for (const path of ['/seb/no%20id%2F..', '/seb/%E0%A4%A', '/seb/', '/seb/a/b'])
    expect((await go(path)).status).toBe(400);
  expect((await go('/seb/a%40b')).to).toBe('/?exam=a%40b');
});

test('keys that are no keys are refused, with the field', async () => {
  const send = (safe_exam_browser: object) =>
    post('/api/v1/exams', { exam_id: 'maths', policy: { safe_exam_browser } }, as.tina);
  expect(await send({ config_keys: ['x'] })).toMatchObject({
    status: 400,
    json: { code: 'INVALID_MESSAGE', field: 'policy.safe_exam_browser.config_keys.0' },
  });
  const key = createHash('sha256').update('a').digest('hex');
  expect((await send({ browser_exam_keys: Array.from({ length: 21 }, () => key) })).status).toBe(400);
});
