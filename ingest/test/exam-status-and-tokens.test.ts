import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, signToken, tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamClient } from './exam-client.ts';
import { LiveClient, socketOf } from './live-client.ts';

let server: TestServer;
let [tina, ada] = ['', ''];
beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret }, {}, await makeFolder());
  [tina, ada] = [await tokenOf('tina', 'TEACHER'), await tokenOf('ada', 'STUDENT')];
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const step = async (path: string, body?: unknown) =>
  (await server.ask('POST', `/api/v1/exams${path}`, body, bearer(tina))).json;

const newExam = async (examId: string): Promise<number> => {
  const { pin } = await step('', { exam_id: examId });
  await step(`/${examId}/enrolments`, { students: [{ student_id: 'ada' }] });
  return Number(pin);
};

interface Closed {
  client: LiveClient;
  closed: Promise<{ code: number; reason: string }>;
}

const open = async (path: string): Promise<Closed> => {
  const client = await LiveClient.open(socketOf(server) + path);
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    client.socket.once('close', (code, reason: Buffer) => resolve({ code, reason: reason.toString() })),
  );
  return { client, closed };
};

const register = async (pin: number): Promise<Closed> => {
  const opened = await open('/ws/sentinel');
  opened.client.send({ type: 'sentinel.register', payload: { pin, auth: ada }, timestamp: 0 });
  return opened;
};

const enter = async (examId: string, token: string): Promise<Closed> => {
  const opened = await open('/ws/presence');
  const payload = { agent_label: 'web', classroom_id: examId, token };
  opened.client.send({ type: 'connect_request', payload });
  return opened;
};

describe('an exam that is not open', () => {
  test('rejects a student’s camera before the waiting room opens', async () => {
    const pin = await newExam('early');
    const early = await register(pin);
    const { payload } = await early.client.next('server.registration.reject');
    expect(payload).toEqual({ reason: 'exam not open' });
    expect((await early.closed).code).toBe(1008);
    await step('/early/open');
    await (await register(pin)).client.next('server.registration.ack');
  });

  test.each([
    ['complete', 'COMPLETED'],
    ['cancel', 'CANCELLED'],
  ])('closes and then refuses its students, with the reason: %s', async (last, status) => {
    const pin = await newExam(last);
    await step(`/${last}/open`);
    await step(`/${last}/start`);
    const camera = await register(pin);
    await camera.client.next('server.registration.ack');
    const agent = await enter(last, ada);
    await agent.client.next('connect_success');
    const watching = await ExamClient.open(server, last, ada);

    await step(`/${last}/${last}`);
    const over = { code: 1000, reason: `the exam is ${status}` };
    expect(await camera.closed).toEqual(over);
    expect(await agent.closed).toEqual(over);
    expect(await watching.closed).toEqual(over);
    expect((await agent.client.next('unrecoverable_session_error')).payload.type).toBe('access_denied');

    const again = await register(pin);
    expect((await again.client.next('server.registration.reject')).payload.reason).toBe('no exam with this PIN');
    expect(await (await enter(last, ada)).closed).toEqual(over);
  });
});

test.each([
  ['the role', { user_id: 'ada', role: 'ROOT' }, /claim role must be one of/],
  ['the user', { role: 'ADMIN' }, /claim user_id is missing/],
  ['the user id', { user_id: 'a b', role: 'ADMIN' }, /claim user_id must be an id/],
])('a refused connection names the claim: %s', async (_what, claims, message) => {
  for (const path of ['/api/v1/session/ws/s1', '/api/v1/websocket/e1/ws', '/ws/alerts/ada']) {
    const { client, closed } = await open(`${path}?token=${await signToken(claims)}`);
    expect(await client.next('error')).toMatchObject({ code: 'AUTH_FAILED', message: expect.stringMatching(message) });
    expect((await closed).code).toBe(1008);
  }
});

test('a connection without a token is told where to put it', async () => {
  const { client } = await open('/ws/alerts/ada');
  expect((await client.next('error')).message).toContain('?token=');
});

test('POST analyze answers in the documented form with ?format=sd', async () => {
  const { json } = await server.ask('POST', '/api/v1/session/start', { exam_id: 'sd', member_id: 'ada' }, bearer(tina));
  const path = `/api/v1/session/${json.session_id}/analyze?format=sd`;
  const { status, json: report } = await server.ask('POST', path, undefined, bearer(tina));
  expect(status).toBe(200);
  expect(Object.keys(report)).toEqual(expect.arrayContaining(['session_info', 'suspicious_events', 'timeline']));
});

test('the time of authentication is a metric, by outcome', async () => {
  const count = async (outcome: string): Promise<number> => {
    const { text } = await server.ask('GET', '/metrics');
    return Number(
      new RegExp(`^invigil_authentication_seconds_count\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0,
    );
  };
  const before = [await count('accepted'), await count('rejected')];
  await server.ask('GET', '/api/v1/exams', undefined, bearer(tina));
  await server.ask('GET', '/api/v1/exams', undefined, bearer('nonsense'));
  expect([await count('accepted'), await count('rejected')]).toEqual(before.map((value) => value + 1));
});
