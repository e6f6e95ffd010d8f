import { get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startServer } from '@invigil/testkit/server/server-process';
import type { LogEntry, ServerProcess } from '@invigil/testkit/server/server-process';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer({
    folder: await makeFolder(),
    environment: { AUTH: 'jwt', JWT_SECRET: jwtSecret, LOG_LEVEL: 'debug' },
  });
});
afterAll(async () => {
  await server.stop();
  await removeFolders();
});

const badToken = { authorization: 'Bearer not-a-token' };
const eventsOf = (id: string): LogEntry[] => server.log().filter(({ request_id }) => request_id === id);
const ask = (headers: Record<string, string>, path = '/api/v1/exams/physics') => fetch(server.url + path, { headers });

test('a request keeps the id of its proxy in the response, in the problem and in every line of the log', async () => {
  const id = '0af7651916cd43dd8448eb211c80319c';
  const response = await ask({ ...badToken, 'x-request-id': id });
  expect(response.headers.get('x-request-id')).toBe(id);
  expect(await response.json()).toMatchObject({ code: 'AUTH_FAILED', request_id: id });
  await expect.poll(() => eventsOf(id).map(({ event }) => event)).toEqual(['token.rejected', 'http.refused']);
});

test('requests at the same time have an id each, and one that is no id is not repeated', async () => {
  const responses = await Promise.all(
    Array.from({ length: 5 }, () => ask({ ...badToken, 'x-request-id': 'ada-lovelace' })),
  );
  const ids = responses.map(({ headers }) => headers.get('x-request-id') ?? '');
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) {
    await expect.poll(() => eventsOf(id).map(({ event }) => event)).toEqual(['token.rejected', 'http.refused']);
  }
  expect(server.lastLines()).not.toContain('ada-lovelace');
});

test('successful and unknown paths have an id too, and web pages of other origins can read it', async () => {
  expect((await ask({}, '/healthz')).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  const missing = await ask({}, '/api/v1/nothing-here');
  expect(await missing.json()).toMatchObject({ request_id: missing.headers.get('x-request-id') });
  const ownPage = await ask({ origin: server.url }, '/healthz');
  expect(ownPage.headers.get('access-control-expose-headers')).toBe('X-Request-Id');
});

test('a WebSocket has the id of the request that opened it', async () => {
  const id = '4bf92f3577b34da6a3ce929d0e0e4736';
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/session/ws/some-session`, {
    headers: { ...badToken, traceparent: `00-${id}-00f067aa0ba902b7-01` },
  });
  const upgraded = await new Promise<IncomingMessage>((resolve) => socket.once('upgrade', resolve));
  expect(upgraded.headers['x-request-id']).toBe(id);
  await expect.poll(() => eventsOf(id)).toMatchObject([{ event: 'token.rejected' }]);
  socket.terminate();
});

test('a refused upgrade has an id', async () => {
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'x-request-id': 'deadbeef01' };
  const refused = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${server.url}/nowhere`, { headers }, resolve).once('error', reject);
  });
  expect({ status: refused.statusCode, id: refused.headers['x-request-id'] }).toEqual({
    status: 404,
    id: 'deadbeef01',
  });
  refused.resume();
});

test('times in the log are ISO 8601', () => {
  for (const { time } of server.log()) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
