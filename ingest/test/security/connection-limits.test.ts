import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { waitUntil } from '@invigil/testkit/timers/waits';

const limit = 3;
/** The key server answers nobody until the test says so: clients with a token stay in the state `admitting`. */
const pending: ServerResponse[] = [];
let answering = false;
const answer = (response: ServerResponse): void =>
  void response.setHeader('Content-Type', 'application/json').end('{"keys":[]}');
const keys = createServer((_request, response) => {
  if (answering) answer(response);
  else pending.push(response);
});
const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'any' })).toString('base64url');
const token = `${header}.${Buffer.from('{}').toString('base64url')}.c2ln`;

let server: TestServer;
beforeAll(async () => {
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  const { port } = keys.address() as AddressInfo;
  server = await startServer({
    AUTH: 'jwt',
    JWKS_URL: `http://127.0.0.1:${port}/`,
    MAX_CONNECTIONS_PER_ADDRESS: String(limit),
  });
});
afterAll(async () => {
  await server.close();
  keys.close();
  await removeFolders();
});

test('connections per address never exceed the limit, also when many arrive at once', async () => {
  let [turnedAway, closed] = [0, 0];
  const come = (): void => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/api/v1/session/ws/s?token=${token}`);
    socket.on('error', () => (turnedAway += 1));
    socket.on('close', (code) => (closed += Number(code === 1008)));
  };
  for (let count = 0; count < 4 * limit; count += 1) come();
  await expect.poll(() => turnedAway, { timeout: 10_000 }).toBe(3 * limit);
  // The key does not exist: the waiting clients are refused because of their token, and free their slots.
  // The server may not have asked for keys yet when the others have been turned away.
  answering = true;
  for (const response of pending) answer(response);
  await waitUntil(() => closed === limit, { timeout: 10_000 });
  const comeAgain = (): boolean => {
    come();
    return closed > limit;
  };
  await waitUntil(comeAgain, { timeout: 10_000, interval: 100 });
});

test('a refused client that stays connected is cut off', async () => {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  socket.write('GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  socket.resume();
  await new Promise((resolve) => socket.once('end', resolve));
  const staying = setInterval(() => socket.write('x'), 20);
  // The reset answers the bytes that the client keeps sending.
  const cut = new Promise<Error>((resolve) => socket.once('error', resolve));
  expect(await cut).toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
  clearInterval(staying);
});
