import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';
import { closeCodes } from '@invigil/protocol/channels';
import { expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { loadConfig } from '../config.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { Connection } from './connection.ts';
import { GatheredWrites } from './gathered-writes.ts';

const open = async (
  limits: Partial<ConnectionLimits> = {},
): Promise<{ connection: Connection; client: WebSocket; transport: Socket }> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await accepted) as [WebSocket];
  const { _socket: transport } = socket as unknown as { _socket: Socket };
  const connection = new Connection(socket, {
    channel: 'test',
    limits: { ...loadConfig({}).connectionLimits, ...limits },
    metrics: createMetrics(),
    now: Date.now,
    writes: new GatheredWrites(transport),
    onError: (error) => expect.fail(String(error)),
  });
  return { connection, client, transport };
};

const receive = async (client: WebSocket, count: number): Promise<string[]> => {
  const received: string[] = [];
  await new Promise<void>((resolve) => {
    client.on('message', (data: Buffer) => {
      if (received.push(data.toString()) === count) resolve();
    });
  });
  return received;
};

test('all messages of one turn leave in one write, in their order, and the next turn’s in another', async () => {
  const { connection, client, transport } = await open();
  const writes = vi.spyOn(transport, '_writev' as 'write');
  const received = receive(client, 101);
  for (let index = 0; index < 100; index += 1) connection.send({ index });
  await new Promise(setImmediate);
  connection.send({ index: 100 });
  expect(await received).toEqual(Array.from({ length: 101 }, (_, index) => JSON.stringify({ index })));
  expect(writes).toHaveBeenCalledTimes(2);
});

test('a turn with more messages than a client may leave unsent does not close the connection of one who reads them', async () => {
  const { connection, client } = await open({ sendBufferBytes: 100_000 });
  const received = receive(client, 30);
  for (let index = 0; index < 30; index += 1) connection.sendText('x'.repeat(5000));
  expect(await received).toHaveLength(30);
});

test('a retiring connection answers the messages that it accepted, then sends its last message', async () => {
  const { connection, client } = await open();
  const received: string[] = [];
  client.on('message', (data: Buffer) => received.push(data.toString()));
  let store: (() => void) | undefined;
  const taken = new Promise<void>((resolve) => {
    connection.handle({
      async message() {
        const stored = new Promise<void>((done) => (store = done));
        resolve();
        await stored;
        connection.send({ type: 'ack' });
      },
      tooFast: () => undefined,
      closed: () => undefined,
    });
  });
  const closed = once(client, 'close');
  if (client.readyState !== client.OPEN) await once(client, 'open');
  client.send('{}');
  await taken;
  const retired = connection.retire(closeCodes.sessionEnded, { type: 'session_ended' });
  store?.();
  await retired;
  expect((await closed)[0]).toBe(4000);
  expect(received).toEqual(['{"type":"ack"}', '{"type":"session_ended"}']);
});

test('finishing ends a connection whose client began to close and does not complete it', async () => {
  const { connection, client, transport } = await open();
  if (client.readyState !== client.OPEN) await once(client, 'open');
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  client.close();
  // It does not read the server's part of the handshake.
  client.pause();
  (client as unknown as { _socket: Socket })._socket.pause();
  await expect.poll(() => connection.open).toBe(false);
  const finished = connection.finish(closeCodes.goingAway);
  await new Promise(setImmediate);
  expect(transport.destroyed).toBe(false);
  vi.advanceTimersByTime(2000);
  await finished;
  expect(transport.destroyed).toBe(true);
  client.terminate();
});
