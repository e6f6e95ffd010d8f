import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const settings = {
  AUTH: 'jwt',
  JWT_SECRET: jwtSecret,
  MAX_CONNECTIONS_PER_ADDRESS: '2',
  PUBLIC_URL: 'https://proctor.example.edu',
};
/** One server trusts the proxy that the test plays, the other one trusts a proxy elsewhere. */
let trusting: TestServer;
let other: TestServer;
let open: WebSocket[] = [];
beforeAll(async () => {
  trusting = await startServer({ ...settings, TRUSTED_PROXIES: '127.0.0.1, ::1' });
  other = await startServer({ ...settings, TRUSTED_PROXIES: '10.0.0.0/8' });
});
afterEach(async () => {
  const closed = open.map((socket) => once(socket, 'close'));
  for (const socket of open) socket.terminate();
  await Promise.all(closed);
  open = [];
});
afterAll(async () => {
  await trusting.close();
  await other.close();
  await removeFolders();
});

/** The status of a refused upgrade, or `open`. */
const dial = (server: TestServer, headers: Record<string, string>): Promise<number | 'open'> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`${server.origin.replace('http', 'ws')}/ws/presence`, { headers });
    socket.once('open', () => {
      open.push(socket);
      resolve('open');
    });
    socket.once('unexpected-response', (_request, response) => resolve(response.statusCode!));
    socket.once('error', reject);
  });
const dialAll = async (server: TestServer, all: readonly Record<string, string>[]) => {
  const outcomes = [];
  for (const headers of all) outcomes.push(await dial(server, headers));
  return outcomes;
};
const from = (client: string) => ({ 'x-forwarded-for': client });

test('behind a trusted proxy, connections count for the client’s address', async () => {
  const outcomes = await dialAll(trusting, ['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.2'].map(from));
  expect(outcomes).toEqual(['open', 'open', 503, 'open']);
});

test('a client cannot invent another address before the proxy’s entry', async () => {
  const outcomes = await dialAll(
    trusting,
    ['1.1.1.1', '2.2.2.2', '3.3.3.3'].map((fake) => from(`${fake}, 192.0.2.1`)),
  );
  expect(outcomes).toEqual(['open', 'open', 503]);
});

test('the headers of an address that is not trusted do not count', async () => {
  expect(await dialAll(other, ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(from))).toEqual(['open', 'open', 503]);
});

test.each([
  ['PUBLIC_URL', () => trusting, { origin: 'https://proctor.example.edu', host: 'backend' }, 'open'],
  [
    'X-Forwarded-Host of a trusted proxy',
    () => trusting,
    { origin: 'https://other.example.edu', host: 'backend', 'x-forwarded-host': 'other.example.edu' },
    'open',
  ],
  [
    'X-Forwarded-Host of anyone else',
    () => other,
    { origin: 'https://other.example.edu', host: 'backend', 'x-forwarded-host': 'other.example.edu' },
    403,
  ],
] as const)('our own pages by %s, when a proxy rewrites Host', async (_name, server, headers, expected) => {
  expect(await dial(server(), headers)).toBe(expected);
  const { status } = await fetch(`${server().origin}/api/v1/exams`, {
    method: 'POST',
    headers: {
      ...headers,
      ...bearer(await tokenOf('tina', 'TEACHER')),
      'content-type': 'application/json',
    },
    body: JSON.stringify({ title: 'Physics' }),
  });
  expect(status).toBe(expected === 'open' ? 201 : 403);
});
