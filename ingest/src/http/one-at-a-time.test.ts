import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

let started: string[];
let open: ServerResponse[];
let server: Server;
beforeEach(async () => {
  started = [];
  open = [];
  server = createServer(
    oneAtATime((request, response) => {
      started.push(request.url ?? '');
      open.push(response);
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const connection = (): Socket =>
  connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
const get = (path: string, headers = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n`;
const untilStarted = async (count: number): Promise<void> => {
  while (started.length < count) await new Promise((resolve) => setTimeout(resolve, 1));
};

test('a request starts when the one before it on the same connection was answered', async () => {
  const socket = connection();
  socket.write(get('/1') + get('/2') + get('/3', 'Connection: close\r\n'));
  const answers = text(socket);
  for (const count of [1, 2, 3]) {
    await untilStarted(count);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(started).toHaveLength(count);
    open.shift()?.end(`answer ${count};`);
  }
  expect((await answers).match(/answer \d/g)).toEqual(['answer 1', 'answer 2', 'answer 3']);
});

test('requests of different connections do not wait for each other', async () => {
  for (const path of ['/a', '/b']) connection().write(get(path));
  await untilStarted(2);
  expect(started.toSorted()).toEqual(['/a', '/b']);
});

test('a connection with too many waiting requests is cut', async () => {
  const socket = connection();
  socket.write(get('/').repeat(100));
  await once(socket, 'close');
  expect(started).toEqual(['/']);
});
