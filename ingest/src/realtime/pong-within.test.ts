import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { pongWithin } from './pong-within.ts';

const connect = async (autoPong: boolean): Promise<{ socket: WebSocket; client: WebSocket }> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, { autoPong });
  onTestFinished(() => client.terminate());
  const [[socket]] = (await Promise.all([accepted, once(client, 'open')])) as [[WebSocket], unknown];
  return { socket, client };
};

test('a client that answers is connected', async () => {
  const { socket } = await connect(true);
  expect(await pongWithin(socket, 10_000)).toBe(true);
});

test('a client that does not answer in time is not', async () => {
  const { socket } = await connect(false);
  expect(await pongWithin(socket, 50)).toBe(false);
  expect(socket.listenerCount('pong')).toBe(0);
});

test('settles at once when the client disconnects', async () => {
  const { socket, client } = await connect(false);
  const answered = pongWithin(socket, 600_000);
  client.terminate();
  expect(await answered).toBe(false);
  expect(await pongWithin(socket, 600_000)).toBe(false);
});

test('counts a pong that arrived in time although the process was held up', async () => {
  const { socket, client } = await connect(true);
  const timeoutMs = 1000;
  const untilMs = performance.now() + timeoutMs + 20;
  // The client, in this process, has just answered.
  client.on('ping', () => {
    while (performance.now() < untilMs);
  });
  expect(await pongWithin(socket, timeoutMs)).toBe(true);
});
