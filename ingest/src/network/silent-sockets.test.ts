import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { limitSilentSockets } from './silent-sockets.ts';

let server: Server;
let sockets: Socket[];
let refused: number;
let isTrusted: boolean;
beforeEach(async () => {
  [sockets, refused, isTrusted] = [[], 0, false];
  server = createServer((_request, response) => response.end('hello'));
  limitSilentSockets(server, {
    total: 4,
    perAddress: 2,
    isTrusted: () => isTrusted,
    onRefused: () => (refused += 1),
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A socket that the server has accepted. */
const accepted = async (): Promise<Socket> => {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
  sockets.push(socket);
  await once(server, 'connection');
  return socket;
};
const answers = async (socket: Socket): Promise<boolean> => {
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  const outcome = await Promise.race([once(socket, 'data').then(() => true), once(socket, 'close').then(() => false)]);
  return outcome;
};

test('closes a socket beyond the limit of its address', async () => {
  await accepted();
  await accepted();
  expect(await answers(await accepted())).toBe(false);
  expect(refused).toBe(1);
});

test('a socket that has sent a request, or was closed, no longer counts', async () => {
  const [first] = [await accepted(), await accepted()];
  expect(await answers(first)).toBe(true);
  const third = await accepted();
  expect(await answers(third)).toBe(true);
  const closed = once(server, 'connection').then(([socket]) => once(socket as Socket, 'close'));
  const fourth = await accepted();
  fourth.destroy();
  await closed;
  expect(await answers(await accepted())).toBe(true);
  expect(refused).toBe(0);
});

test('a socket that has sent a request keeps no listener of the limit', async () => {
  const closeListeners = (event: 'connection' | 'request', of: (emitted: never) => Socket): Promise<unknown[]> =>
    once(server, event).then(([emitted]) => of(emitted as never).listeners('close'));
  const before = closeListeners('connection', (socket) => socket);
  const after = closeListeners('request', ({ socket }: IncomingMessage) => socket);
  expect(await answers(await accepted())).toBe(true);
  const kept = await after;
  expect((await before).filter((listener) => !kept.includes(listener))).toHaveLength(1);
});

test('a trusted proxy may open sockets up to the total', async () => {
  isTrusted = true;
  for (let index = 0; index < 4; index += 1) await accepted();
  expect(refused).toBe(0);
  await accepted();
  expect(refused).toBe(1);
});
