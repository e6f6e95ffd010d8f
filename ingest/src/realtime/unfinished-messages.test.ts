import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { UnfinishedMessages } from './unfinished-messages.ts';

let http: Server;
let unfinished: UnfinishedMessages;
let nowMs: number;
let clients: WebSocket[];
beforeEach(async () => {
  [nowMs, clients] = [0, []];
  unfinished = new UnfinishedMessages({ seconds: 60, bytes: 10_000, bytesPerAddress: 6000 }, () => nowMs);
  http = createServer();
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: true });
  http.on('upgrade', (request, socket, head) =>
    server.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', (data) => webSocket.send(data));
      unfinished.watch(socket, webSocket, request.url ?? '', () => webSocket.close(1013));
    }),
  );
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
});
afterEach(() => {
  for (const client of clients) client.terminate();
  http.closeAllConnections();
  http.close();
  unfinished.close();
});

const dial = async (address: string): Promise<WebSocket> => {
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/${address}`);
  clients.push(client);
  await once(client, 'open');
  return client;
};
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};
const begin = (client: WebSocket, bytes: number): void =>
  client.send('x'.repeat(bytes), { fin: false, compress: false });
const closeCode = async (client: WebSocket): Promise<unknown> => (await once(client, 'close'))[0];

test('counts a message until it is complete', async () => {
  const client = await dial('a');
  begin(client, 1000);
  await until(() => unfinished.bytes >= 1000);
  client.send('end', { fin: true });
  await once(client, 'message');
  expect(unfinished.bytes).toBe(0);
});

test('pings and pongs do not count, nor do they end a message', async () => {
  const client = await dial('a');
  for (let index = 0; index < 50; index += 1) client.ping('x'.repeat(100));
  await until(() => unfinished.bytes === 0);
  begin(client, 1000);
  client.ping('hello');
  await once(client, 'pong');
  await until(() => unfinished.bytes >= 1000);
  expect(unfinished.bytes).toBeLessThan(1100);
});

test('complete messages that arrive together with the beginning of another do not count', async () => {
  const client = await dial('a');
  const { _socket: socket } = client as unknown as { _socket: Socket };
  socket.cork();
  for (let index = 0; index < 50; index += 1) client.ping('x'.repeat(100));
  begin(client, 1000);
  socket.uncork();
  client.send('end', { fin: true });
  const answered = once(client, 'message').then(() => 'answered');
  expect(await Promise.race([answered, closeCode(client)])).toBe('answered');
});

test('a message that takes too long is cut; one that goes on arriving is no exception', async () => {
  const [slow, quick] = [await dial('a'), await dial('b')];
  begin(slow, 10);
  await until(() => unfinished.bytes > 0);
  nowMs = 50_000;
  begin(slow, 10);
  const answered = once(quick, 'message');
  quick.send('quick');
  await answered;
  unfinished.cutLate();
  expect(slow.readyState).toBe(WebSocket.OPEN);
  nowMs = 60_001;
  unfinished.cutLate();
  expect(await closeCode(slow)).toBe(1013);
  expect(quick.readyState).toBe(WebSocket.OPEN);
});

test('the connection that exceeds an address’s bytes is cut, others of the address and of other addresses are not', async () => {
  const [first, second, elsewhere] = [await dial('a'), await dial('a'), await dial('b')];
  begin(first, 4000);
  begin(elsewhere, 3000);
  await until(() => unfinished.bytes >= 7000);
  begin(second, 2500);
  expect(await closeCode(second)).toBe(1013);
  expect([first.readyState, elsewhere.readyState]).toEqual([WebSocket.OPEN, WebSocket.OPEN]);
});

test('the connection that exceeds the total is cut, and a closed connection gives its bytes back', async () => {
  const [a, b] = [await dial('a'), await dial('b')];
  begin(a, 5000);
  begin(b, 5500);
  expect(await Promise.race([closeCode(a), closeCode(b)])).toBe(1013);
  for (const client of [a, b]) client.terminate();
  await until(() => unfinished.bytes === 0);
  expect(unfinished.bytes).toBe(0);
});
