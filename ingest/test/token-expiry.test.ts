import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, socketOf } from './live-client.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

/** Long enough to connect, on a busy machine too. */
const lifetime = '3s';

let server: TestServer;
let sessionId: string;
let pin: number;
beforeAll(async () => {
  server = await startServer({ AUTH: 'jwt', JWT_SECRET: jwtSecret });
  const teacher = bearer(await tokenOf('teacher', 'TEACHER'));
  const exam = await server.ask('POST', '/api/v1/exams', { exam_id: 'physics' }, teacher);
  pin = Number(exam.json.pin);
  await server.ask('POST', '/api/v1/exams/physics/enrolments', { students: [{ student_id: 'ada' }] }, teacher);
  await server.ask('POST', '/api/v1/exams/physics/open', undefined, teacher);
  const body = { exam_id: 'physics', member_id: 'ada' };
  sessionId = (await server.ask('POST', '/api/v1/session/start', body, teacher)).json.session_id;
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

interface Endpoint {
  role: 'STUDENT' | 'TEACHER';
  path: (token: string) => string;
  hello: (token: string) => object | null;
  /** The first message to an admitted client. */
  welcome: string;
  /** The message before the close, if the channel's documentation defines one. */
  lastMessage?: object;
}
const endpoints: Record<string, Endpoint> = {
  session: {
    role: 'STUDENT',
    path: (token) => `/api/v1/session/ws/${sessionId}?token=${token}`,
    hello: () => ({ type: 'ping' }),
    welcome: 'pong',
  },
  exam: {
    role: 'STUDENT',
    path: (token) => `/api/v1/websocket/physics/ws?token=${token}`,
    hello: () => null,
    welcome: 'connected',
  },
  sentinel: {
    role: 'STUDENT',
    path: () => '/ws/sentinel',
    hello: (auth) => ({ type: 'sentinel.register', payload: { pin, auth } }),
    welcome: 'server.registration.ack',
  },
  proctor: {
    role: 'TEACHER',
    path: () => '/ws/proctor',
    hello: (auth) => ({ type: 'proctor.register', payload: { auth } }),
    welcome: 'server.update-sentinels',
  },
  presence: {
    role: 'STUDENT',
    path: () => '/ws/presence',
    hello: (token) => ({
      type: 'connect_request',
      payload: { agent_label: 'page', classroom_id: 'physics', token },
    }),
    welcome: 'connect_success',
    lastMessage: { type: 'unrecoverable_session_error', payload: { type: 'unauthenticated', status: 401 } },
  },
  alerts: {
    role: 'TEACHER',
    path: (token) => `/ws/alerts/teacher?token=${token}`,
    hello: () => ({ type: 'ping' }),
    welcome: 'pong',
  },
};

describe('a connection to the channel closes when its token expires', () => {
  test.concurrent.each(Object.keys(endpoints))('%s', async (name) => {
    const { role, path, hello, welcome, lastMessage } = endpoints[name]!;
    const token = await tokenOf(role === 'STUDENT' ? 'ada' : 'teacher', role, lifetime);
    const client = await LiveClient.open(socketOf(server) + path(token));
    const first = hello(token);
    if (first !== null) client.send(first);
    await client.next(welcome);
    expect(await client.closed).toBe(4004);
    // Other connections come and go in the meantime.
    const messages = client.messages.filter(({ type }) => !type.startsWith('participant_'));
    expect(messages.at(-1)).toMatchObject(lastMessage ?? { type: welcome });
  });
});
