import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { closeCodes } from '@invigil/protocol/channels';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { loadConfig } from '../config.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { Connection } from './connection.ts';

const open = async (): Promise<{ connection: Connection; client: WebSocket }> => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [socket] = (await accepted) as [WebSocket];
  const connection = new Connection(socket, {
    channel: 'test',
    limits: loadConfig({}).connectionLimits,
    metrics: createMetrics(),
    now: Date.now,
    onError: (error) => expect.fail(String(error)),
  });
  return { connection, client };
};

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
