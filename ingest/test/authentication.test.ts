import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, socketOf } from './live-client.ts';
import { SessionClient } from './session-client.ts';

const secret = 'a secret of more than thirty-two characters';
const key = new TextEncoder().encode(secret);

const token = (
  claims: Record<string, unknown>,
  { audience = 'invigil', expires = '1h', signedWith = key, alg = 'HS256' } = {},
): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).setAudience(audience).setExpirationTime(expires).sign(signedWith);

const bearer = (value: string): Record<string, string> => ({ Authorization: `Bearer ${value}` });

let server: TestServer;
let teacher: string;
let ada: string;
let eve: string;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: secret });
  teacher = await token({ sub: 'teacher-1', role: 'TEACHER' });
  ada = await token({ sub: 'ada', role: 'STUDENT' });
  eve = await token({ sub: 'eve', role: 'STUDENT' });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const start = (as: string, memberId = 'ada') =>
  server.ask('POST', '/api/v1/session/start', { exam_id: 'physics', member_id: memberId }, bearer(as));

const closeCode = async (sessionId: string, query = '', headers = {}): Promise<number> =>
  (await new SessionClient(server, sessionId, query, { headers }).closed).code;

describe('starting a session', () => {
  test('is allowed for teachers, and for the student in their own name', async () => {
    expect((await start(teacher)).status).toBe(201);
    expect((await start(ada)).status).toBe(201);
    expect(await start(eve)).toMatchObject({ status: 403, json: { code: 'ACCESS_DENIED' } });
  });

  test.each([
    ['no token', () => ''],
    ['nonsense', () => 'nonsense'],
    [
      'another secret',
      () => token({ sub: 'ada', role: 'ADMIN' }, { signedWith: new TextEncoder().encode('x'.repeat(40)) }),
    ],
    ['another audience', () => token({ sub: 'ada', role: 'ADMIN' }, { audience: 'somebody-else' })],
    ['an expired token', () => token({ sub: 'ada', role: 'ADMIN' }, { expires: '-1h' })],
    ['another algorithm with the same key', () => token({ sub: 'ada', role: 'ADMIN' }, { alg: 'HS384' })],
    ['an unknown role', () => token({ sub: 'ada', role: 'ROOT' })],
    [
      'alg none',
      () => `${btoa('{"alg":"none"}')}.${btoa('{"sub":"ada","role":"ADMIN","aud":"invigil","exp":9999999999}')}.`,
    ],
  ])('is refused with %s', async (_what, make) => {
    const answer = await start(await make());
    expect(answer).toMatchObject({ status: 401, json: { code: 'AUTH_FAILED' } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });
});

describe('the answer to a token that is not accepted', () => {
  test.each([
    ['no role', { sub: 'ada' }, {}, 401, 'role'],
    ['an unknown role', { sub: 'ada', role: 'ROOT' }, {}, 401, 'role'],
    ['another audience', { sub: 'ada', role: 'ADMIN' }, { audience: 'somebody-else' }, 401, 'aud'],
    ['an expiry in the past', { sub: 'ada', role: 'ADMIN' }, { expires: '-1m' }, 401, 'exp'],
    ['no user', { role: 'ADMIN' }, {}, 400, 'user_id'],
    ['a sub that is not an id, and no user_id', { sub: 'auth0|5f7c8e', role: 'ADMIN' }, {}, 400, 'sub'],
    ['a user_id that is not an id', { user_id: 'a b', sub: 'ada', role: 'ADMIN' }, {}, 400, 'user_id'],
  ])('names the claim of a token with %s', async (_what, claims, options, status, field) => {
    const answer = await start(await token(claims, options));
    expect(answer).toMatchObject({
      status,
      json: { field, detail: expect.stringContaining(field === 'exp' ? 'expired' : field) },
    });
  });

  test('names no claim of a token that was signed with another key', async () => {
    const forged = await token({ sub: 'ada', role: 'ROOT' }, { signedWith: new TextEncoder().encode('x'.repeat(40)) });
    expect((await start(forged)).json).not.toHaveProperty('field');
  });
});

test('clocks may differ by ten seconds, and any sub is ignored beside a user_id', async () => {
  expect((await start(await token({ sub: 'ada', role: 'STUDENT' }, { expires: '-5s' }))).status).toBe(201);
  expect((await start(await token({ user_id: 'ada', sub: 'auth0|5f', role: 'STUDENT' }))).status).toBe(201);
});

test('a session token issued to a teacher sends frames, and cannot answer as the student', async () => {
  const answer = { question_id: 'q1', question_number: 1, answer: 'Danube' };
  const { json: given } = await start(teacher);
  const refused = await server.ask('POST', '/api/v1/exams/physics/answers', answer, bearer(given.token));
  expect(refused).toMatchObject({ status: 403, json: { code: 'ACCESS_DENIED' } });
  const { json: own } = await start(ada);
  expect((await server.ask('POST', '/api/v1/exams/physics/answers', answer, bearer(own.token))).status).not.toBe(403);
});

describe('a session', () => {
  test('accepts frames with its own token, in the query or the header, and from its student', async () => {
    const { json } = await start(teacher);
    for (const [query, headers] of [
      [`?token=${json.token}`, {}],
      ['', bearer(json.token)],
      [`?token=${ada}`, {}],
    ] as const) {
      const client = await new SessionClient(server, json.session_id, query, { headers }).opened();
      await client.settled();
      expect(client.messages).toEqual([]);
      client.close();
    }
  });

  test('refuses other callers with 1008', async () => {
    const { json } = await start(teacher);
    const { json: other } = await start(teacher, 'bob');
    expect(await closeCode(json.session_id)).toBe(1008);
    expect(await closeCode(json.session_id, '?token=nonsense')).toBe(1008);
    expect(await closeCode(json.session_id, `?token=${eve}`)).toBe(1008);
    expect(await closeCode(json.session_id, `?token=${other.token}`)).toBe(1008);
    // Frames come from the student's own device.
    expect(await closeCode(json.session_id, `?token=${teacher}`)).toBe(1008);
  });

  test('is not created by using an unknown id', async () => {
    expect(await closeCode('unknown', `?token=${ada}`)).toBe(1008);
    expect(await server.ask('POST', '/api/v1/session/unknown/analyze', undefined, bearer(teacher))).toMatchObject({
      status: 404,
      json: { code: 'SESSION_NOT_FOUND' },
    });
  });

  test('is read and ended by its student and by teachers', async () => {
    const { json } = await start(teacher);
    const path = `/api/v1/session/${json.session_id}`;
    expect((await server.ask('GET', path, undefined, bearer(eve))).status).toBe(403);
    expect((await server.ask('POST', `${path}/end`, undefined, bearer(eve))).status).toBe(403);
    expect((await server.ask('POST', `${path}/end`)).status).toBe(401);
    expect((await server.ask('GET', path, undefined, bearer(json.token))).status).toBe(200);
    expect((await server.ask('POST', `${path}/end`, undefined, bearer(json.token))).status).toBe(204);
    expect((await server.ask('GET', `${path}/report`, undefined, bearer(teacher))).status).toBe(200);
  });

  test('does not open other sessions: a session token cannot start one', async () => {
    const { json } = await start(ada);
    expect((await start(json.token)).status).toBe(403);
  });
});

test('users’ tokens are verified with the keys of the JWKS only', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  let away: 'status' | 'body' | null = 'status';
  const jwks = createServer(async (_request, response) => {
    if (away !== null) return response.writeHead(away === 'status' ? 502 : 200).end('<html>bad gateway</html>');
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256', kid: 'one' }] }));
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const { port } = jwks.address() as AddressInfo;
  const keyed = await startServer({
    AUTH: 'jwt',
    JWKS_URL: `http://127.0.0.1:${port}/keys`,
    UNREGISTERED_EXAMS: 'allow',
  });
  const signed = await new SignJWT({ sub: 'ada', role: 'STUDENT' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setAudience('invigil')
    .setExpirationTime('1h')
    .sign(privateKey);
  const ask = (as: string) =>
    keyed.ask('POST', '/api/v1/session/start', { exam_id: 'physics', member_id: 'ada' }, bearer(as));
  // A failing key server says nothing about whether the token is valid.
  for (const failure of ['status', 'body'] as const) {
    away = failure;
    expect(await ask(signed)).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE' } });
  }
  const refused = new SessionClient(keyed, 'any', `?token=${signed}`);
  expect((await refused.closed).code).toBe(1013);
  for (const path of ['/api/v1/websocket/any/ws', '/ws/alerts/ada']) {
    const turnedAway = new LiveClient(`${socketOf(keyed)}${path}?token=${signed}`);
    expect(await turnedAway.closed).toBe(1013);
    expect(turnedAway.messages).toMatchObject([{ type: 'error', code: 'STORE_UNAVAILABLE' }]);
  }
  for (const [path, hello, word] of [
    ['sentinel', { type: 'sentinel.register', payload: { pin: 1, auth: signed } }, { reason: 'server busy' }],
    ['proctor', { type: 'proctor.register', payload: { auth: signed } }, { reason: 'server busy' }],
    [
      'presence',
      { type: 'connect_request', payload: { agent_label: 'page', classroom_id: 'any', token: signed } },
      { type: 'internal_server_error', status: 500 },
    ],
  ] as const) {
    const turnedAway = await LiveClient.open(`${socketOf(keyed)}/ws/${path}`);
    turnedAway.send(hello);
    expect(await turnedAway.closed).toBe(1013);
    expect(turnedAway.messages).toMatchObject([{ payload: word }]);
  }
  away = null;
  const started = await ask(signed);
  expect(started.status).toBe(201);
  // Session tokens are signed with a secret that the deployment generated for itself.
  const own = `/api/v1/session/${started.json.session_id}`;
  expect((await keyed.ask('GET', own, undefined, bearer(started.json.token))).status).toBe(200);
  expect((await ask(teacher)).status).toBe(401);
  await keyed.close();
  jwks.close();
});
