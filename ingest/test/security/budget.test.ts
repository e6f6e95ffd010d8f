import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';
import { SessionClient } from '../session-client.ts';

const examId = 'physics';
const burst = 500;
let server: TestServer;
let as: Record<'tina' | 'ada' | 'bob', Record<string, string>>;

beforeAll(async () => {
  server = await startServer({
    AUTH: 'jwt',
    JWT_SECRET: jwtSecret,
    MAX_CONNECTIONS_PER_USER: '3',
    MAX_FRAMES_PER_SECOND: '1',
    MAX_FRAME_BURST: String(burst),
  });
  as = {
    tina: bearer(await tokenOf('tina', 'TEACHER')),
    ada: bearer(await tokenOf('ada', 'STUDENT')),
    bob: bearer(await tokenOf('bob', 'STUDENT')),
  };
  await server.ask('POST', '/api/v1/exams', { exam_id: examId, title: 'Physics' }, as.tina);
  const students = ['ada', 'bob', 'cy', 'dee'].map((student_id) => ({ student_id }));
  await server.ask('POST', `/api/v1/exams/${examId}/enrolments`, { students }, as.tina);
  await server.ask('POST', `/api/v1/exams/${examId}/open`, undefined, as.tina);
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const start = async (member_id: string): Promise<{ session_id: string; token: string }> =>
  (await server.ask('POST', '/api/v1/session/start', { exam_id: examId, member_id }, as.tina)).json;

const frames = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ seq: from + index, timestamp: Date.now(), no_of_face: 1 }));

const refused = async (limit: string): Promise<number> => {
  const { text } = await server.ask('GET', '/metrics');
  return Number(new RegExp(`^invigil_budget_refused_total\\{limit="${limit}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
};

test('a session’s frames count over all of its connections; excess ones are not acknowledged', async () => {
  const { session_id, token } = await start('ada');
  const [one, other] = [1, 2].map(() => new SessionClient(server, session_id, `?token=${token}`));
  await Promise.all([one?.opened(), other?.opened()]);
  one?.send({ type: 'batch', frames: frames(0, burst), chain: null });
  expect(await one?.next('ack')).toMatchObject({ up_to_seq: burst - 1 });
  other?.send({ type: 'batch', frames: frames(burst, 100), chain: null });
  expect(await other?.next('error')).toMatchObject({ code: 'RATE_EXCEEDED' });
  expect(await other?.next('slow_down')).toMatchObject({ reason: 'rate' });
  await other?.settled();
  expect(other?.messages.filter(({ type }) => type === 'ack')).toEqual([]);
  expect(await refused('frames')).toBeGreaterThan(0);

  const honest = await start('bob');
  const client = new SessionClient(server, honest.session_id, `?token=${honest.token}`);
  await client.opened();
  client.send({ type: 'batch', frames: frames(0, 10), chain: null });
  expect(await client.next('ack')).toMatchObject({ up_to_seq: 9 });
  for (const each of [one, other, client]) each?.send({ type: 'ping' });
});

test('a frame without a number that is too much is stated as lost', async () => {
  const { session_id, token } = await start('cy');
  const client = new SessionClient(server, session_id, `?token=${token}`);
  await client.opened();
  client.send({ type: 'batch', frames: frames(0, burst), chain: null });
  await client.next('ack');
  // More than the refill of the time that the burst takes.
  for (let count = 0; count < 20; count += 1) client.send({ session_id, no_of_face: 1 });
  expect(await client.next('error')).toMatchObject({ code: 'RATE_EXCEEDED' });
  const lossesOf = async () =>
    (await server.ask('GET', `/api/v1/session/${session_id}/report`, undefined, as.tina)).json?.integrity?.losses;
  await expect
    .poll(lossesOf, { timeout: 10_000, interval: 1100 })
    .toEqual({ rejected: expect.toSatisfy((n) => n >= 2) });
});

test('a user has as many connections as allowed; others connect', async () => {
  const { session_id, token } = await start('dee');
  const clients = [1, 2, 3].map(() => new SessionClient(server, session_id, `?token=${token}`));
  for (const client of clients) await (await client.opened()).settled();
  const fourth = new SessionClient(server, session_id, `?token=${token}`);
  expect(await fourth.next('error')).toMatchObject({ code: 'RATE_EXCEEDED' });
  expect(await fourth.closed).toEqual({ code: 1013, reason: 'this user has too many connections' });
  expect(await refused('connections')).toBe(1);
});

test('a user’s requests are bounded before their body is read; others’ are answered', async () => {
  const own = await startServer(
    { AUTH: 'jwt', JWT_SECRET: jwtSecret },
    { requestRate: { perSecond: 0.001, burst: 3 } },
  );
  const statusOf = async (who: Record<string, string>): Promise<number> =>
    (await own.ask('POST', `/api/v1/exams/${examId}/progress`, '{"not":"json', who)).status;
  const statuses = [await statusOf(as.ada), await statusOf(as.ada), await statusOf(as.ada), await statusOf(as.ada)];
  expect(statuses).toEqual([400, 400, 400, 429]);
  expect(await statusOf(as.bob)).toBe(400);
  await own.close();
});

test('a body without a token is not read', async () => {
  const body = JSON.stringify({ exam_id: examId, member_id: 'x'.repeat(200_000) });
  expect((await server.ask('POST', '/api/v1/session/start', body)).status).toBe(401);
  const nested = await server.ask('POST', '/api/v1/session/start', '['.repeat(100_000), as.tina);
  expect(nested).toMatchObject({ status: 400, json: { code: 'INVALID_MESSAGE' } });
});

test('an address that has many requests refused gets its refusals late; others and accepted requests do not wait', async () => {
  const own = await startServer(
    { AUTH: 'jwt', JWT_SECRET: jwtSecret, TRUSTED_PROXIES: '127.0.0.1' },
    { addressRefusalRate: { perSecond: 0.001, burst: 10 } },
  );
  const order: string[] = [];
  const ask = async (name: string, address: string, headers = {}): Promise<number> => {
    const answer = await own.ask('GET', '/api/v1/exams', undefined, { 'x-forwarded-for': address, ...headers });
    order.push(name);
    return answer.status;
  };
  const first = await Promise.all(Array.from({ length: 10 }, () => ask('first', '203.0.113.1')));
  expect(new Set(first)).toEqual(new Set([401]));
  const beganMs = performance.now();
  const late = ask('late', '203.0.113.1').then((status) => ({ status, tookMs: performance.now() - beganMs }));
  const others = [
    ask('same address, accepted', '203.0.113.1', as.tina),
    ask('other address, refused', '203.0.113.2'),
  ] as const;
  expect(await Promise.all(others)).toEqual([200, 401]);
  // A timer may fire up to a millisecond early.
  expect(await late).toEqual({ status: 401, tookMs: expect.toSatisfy((ms) => ms > 998) });
  // If the others had waited too, this one would be the first, because it was sent first.
  expect(order.at(-1)).toBe('late');
  await own.close();
});

test('the requests of one address are bounded before anybody is identified', async () => {
  const own = await startServer(
    { AUTH: 'jwt', JWT_SECRET: jwtSecret, TRUSTED_PROXIES: '127.0.0.1' },
    { addressRequestRate: { perSecond: 0.001, burst: 2 } },
  );
  const statusOf = async (address: string, headers = {}): Promise<number> =>
    (await own.ask('GET', '/api/v1/exams', undefined, { 'x-forwarded-for': address, ...as.tina, ...headers })).status;
  const one = '203.0.113.1';
  expect([await statusOf(one), await statusOf(one), await statusOf(one)]).toEqual([200, 200, 429]);
  expect(await statusOf('203.0.113.2')).toBe(200);
  const invented = [];
  for (const last of [1, 2, 3]) invented.push(await statusOf(one, { forwarded: `for=198.51.100.${last}` }));
  expect(invented).toEqual([200, 200, 429]);
  await own.close();
});

test('a long URL is refused before it is compared with any route', async () => {
  const path = `/api/v1/exams/${'x'.repeat(5000)}`;
  expect(await server.ask('GET', path, undefined, as.tina)).toMatchObject({ status: 400 });
});
