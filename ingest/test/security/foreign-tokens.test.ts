import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, exportSPKI, generateKeyPair } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { operations } from '../../src/openapi/operations.ts';
import { isPublic } from '../../src/openapi/operation.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { socketOf } from '../live-client.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

let server: TestServer;
let examId: string;
let pin: number;
let sessionId: string;
let bad: Record<string, string>;
/** Correctly signed, so the answer may state what is wrong with it. */
const unusableUser = 'a path as the user’s id';

const key = new TextEncoder().encode(jwtSecret);
const admin = { user_id: 'admin', role: 'ADMIN' };
const signed = (
  claims: object,
  change: (jwt: SignJWT) => SignJWT = (jwt) => jwt,
  { withKey = key, alg = 'HS256' } = {},
): Promise<string> =>
  change(new SignJWT({ ...claims }).setProtectedHeader({ alg }).setExpirationTime('1h')).sign(withKey);
const unsigned = (head: object, claims: object): string =>
  `${[head, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;

beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  const teacher = bearer(await tokenOf('teacher', 'TEACHER'));
  const exam = (await server.ask('POST', '/api/v1/exams', {}, teacher)).json;
  [examId, pin] = [exam.exam_id, Number(exam.pin)];
  await server.ask('POST', `/api/v1/exams/${examId}/enrolments`, { students: [{ student_id: 'ada' }] }, teacher);
  await server.ask('POST', `/api/v1/exams/${examId}/open`, undefined, teacher);
  const started = { exam_id: examId, member_id: 'ada' };
  sessionId = (await server.ask('POST', '/api/v1/session/start', started, teacher)).json.session_id;
  const good = await tokenOf('admin', 'ADMIN');
  const [head, , signature] = good.split('.');
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;
  const payload = Buffer.from(JSON.stringify({ ...admin, exp: inAnHour })).toString('base64url');
  bad = {
    'no algorithm': unsigned({ alg: 'none' }, { ...admin, exp: inAnHour }),
    'no algorithm, in other letter case': unsigned({ alg: 'nOnE' }, { ...admin, exp: inAnHour }),
    'another secret': await signed(admin, undefined, { withKey: new TextEncoder().encode('x'.repeat(40)) }),
    'another audience': await signed(admin, (jwt) => jwt.setAudience('somebody-else')),
    'an expired token': await signed(admin, (jwt) => jwt.setExpirationTime('-1m')),
    'a token that is not valid yet': await signed(admin, (jwt) => jwt.setNotBefore('1h')),
    'a token without expiry': await new SignJWT(admin).setProtectedHeader({ alg: 'HS256' }).sign(key),
    'another algorithm with the same secret': await signed(admin, undefined, { alg: 'HS512' }),
    'another’s signature': `${head}.${payload}x.${signature}`,
    'an invented role': await signed({ user_id: 'admin', role: 'ROOT' }),
    'roles in a list': await signed({ user_id: 'admin', role: ['ADMIN'] }),
    [unusableUser]: await signed({ user_id: '../admin', role: 'ADMIN' }),
    'a session’s token without its session': await signed({ sub: 'ada', role: 'STUDENT' }, (jwt) =>
      jwt.setAudience('invigil-session'),
    ),
  };
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const fill = (path: string): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === 'session_id' ? sessionId : name === 'exam_id' || name === 'classroom_id' ? examId : 'ada',
  );

test.each(operations.filter((operation) => !isPublic(operation)).map(({ method, path }) => [method, path] as const))(
  '%s %s refuses every invalid token',
  async (method, path) => {
    const opened: string[] = [];
    for (const [what, token] of Object.entries(bad)) {
      // The body does not matter, because the server validates no body of an unauthenticated caller. The fallback needs a session id.
      const body =
        method === 'get' || method === 'delete'
          ? undefined
          : { session_id: sessionId, exam_id: examId, member_id: 'ada', classroom_ids: [examId] };
      const { status } = await server.ask(method.toUpperCase(), fill(path), body, bearer(token));
      if (status !== (what === unusableUser ? 400 : 401)) opened.push(`${what}: ${status}`);
    }
    expect(opened).toEqual([]);
  },
);

interface ChannelLogin {
  path: (token: string) => string;
  hello: ((token: string) => object) | null;
}

const logins: Record<string, ChannelLogin> = {
  session: { path: (token) => `/api/v1/session/ws/${sessionId}?token=${token}`, hello: null },
  exam: { path: (token) => `/api/v1/websocket/${examId}/ws?token=${token}`, hello: null },
  alerts: { path: (token) => `/ws/alerts/admin?token=${token}`, hello: null },
  sentinel: {
    path: () => '/ws/sentinel',
    hello: (auth) => ({ type: 'sentinel.register', payload: { pin, auth }, timestamp: 0 }),
  },
  proctor: {
    path: () => '/ws/proctor',
    hello: (auth) => ({ type: 'proctor.register', payload: { auth }, timestamp: 0 }),
  },
  presence: {
    path: () => '/ws/presence',
    hello: (token) => ({
      type: 'connect_request',
      payload: { agent_label: 'page', classroom_id: examId, token },
    }),
  },
};

/** The code with which the server closes, and all messages before it. */
const logIn = ({ path, hello }: ChannelLogin, token: string): Promise<{ code: number; types: string[] }> =>
  new Promise((resolve, reject) => {
    const types: string[] = [];
    const socket = new WebSocket(socketOf(server) + path(token));
    socket.on('open', () => hello !== null && socket.send(JSON.stringify(hello(token))));
    socket.on('message', (data: Buffer) => types.push(String(JSON.parse(data.toString('utf8')).type)));
    socket.on('error', reject);
    socket.on('close', (code) => resolve({ code, types }));
  });

describe.each(Object.entries(logins))('the %s channel', (_name, login) => {
  test('refuses every invalid token', async () => {
    const refusals = ['error', 'server.registration.reject', 'unrecoverable_session_error'];
    for (const token of Object.values(bad)) {
      const { code, types } = await logIn(login, token);
      expect(code).toBe(1008);
      expect(refusals).toContain(types[0]);
      expect(types).toHaveLength(1);
    }
  });

  test('refuses pages of another origin', async () => {
    const headers = { origin: 'https://evil.example.org' };
    const socket = new WebSocket(socketOf(server) + login.path(await tokenOf('admin', 'ADMIN')), { headers });
    const error = await new Promise<Error>((resolve) => socket.once('error', resolve));
    expect(error.message).toContain('403');
  });
});

test('a token signed with the public key as if it were a secret is refused', async () => {
  const { publicKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), alg: 'RS256', kid: 'one' };
  const jwks = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => jwks.listen(0, '127.0.0.1', resolve));
  const { port } = jwks.address() as AddressInfo;
  const keyed = await startServer({ AUTH: 'jwt', JWKS_URL: `http://127.0.0.1:${port}/keys` });
  const header = { alg: 'HS256', kid: 'one' };
  for (const secret of [await exportSPKI(publicKey), JSON.stringify(jwk), String(jwk.n)]) {
    const token = await new SignJWT(admin)
      .setProtectedHeader(header)
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(secret));
    expect((await keyed.ask('GET', '/api/v1/exams', undefined, bearer(token))).status).toBe(401);
  }
  await keyed.close();
  jwks.close();
});
