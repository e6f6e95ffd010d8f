import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';

let server: TestServer;
const sockets: Socket[] = [];

beforeAll(async () => {
  server = await startServer({}, { requestLimits: { headersMs: 300, wholeMs: 600, checkEveryMs: 50 } });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
  await removeFolders();
});

/**
 * A client that sends the text slowly, byte after byte, and never completes it. Resolves with what it received when it
 * is cut off.
 */
const dawdle = (text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket);
    let [sent, received] = [0, ''];
    const trickle = setInterval(() => socket.write(text[sent++] ?? 'x'), 20);
    socket.on('data', (data) => (received += data.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(trickle);
      resolve(received);
    });
  });

const post = 'POST /api/v1/session/start HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';

test.each([
  ['headers that never end', `${post}X-Slow: `],
  ['a body that never ends', `${post}Content-Length: 100000\r\n\r\n{"exam_id":"`],
  ['a chunk that never ends', `${post}Transfer-Encoding: chunked\r\n\r\nffff\r\n{"a":"`],
  ['an upgrade that never ends', 'GET /ws/proctor HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nX-Slow: '],
])('cuts off %s, and answers others in the meantime', async (_what, text) => {
  const slow = Array.from({ length: 100 }, () => dawdle(text));
  expect((await server.ask('GET', '/healthz')).status).toBe(200);
  for (const received of await Promise.all(slow)) expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
});

test('cuts off a connection that sends nothing', async () => {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  socket.resume();
  await new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
  expect(socket.destroyed).toBe(true);
});
