import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { skipCompressed } from './skip-compressed.ts';

const setUp = async (perMessageDeflate: object | false) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate });
  onTestFinished(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    perMessageDeflate: { threshold: 0 },
  });
  const [socket] = (await accepted) as [WebSocket];
  const received: string[] = [];
  const state = { isSkipping: false, asked: 0, skippedBytes: 0 };
  skipCompressed(
    socket,
    () => {
      state.asked += 1;
      return state.isSkipping;
    },
    (bytes) => (state.skippedBytes += bytes),
  );
  socket.on('message', (data: Buffer) => received.push(data.toString()));
  if (client.readyState !== client.OPEN) await once(client, 'open');
  const arrived = async (): Promise<void> => {
    const ping = once(socket, 'ping');
    client.ping();
    await ping;
  };
  return { client, state, received, arrived };
};

const large = (letter: string): string => letter.repeat(50_000);

test('a message is dropped before it is decompressed, in several parts too, and the next one is read', async () => {
  const { client, state, received, arrived } = await setUp({ clientNoContextTakeover: true });
  client.send(large('a'));
  await arrived();
  state.isSkipping = true;
  client.send(large('b'), { fin: false });
  await arrived();
  // Decided with the first part, because the rest cannot be read without it.
  state.isSkipping = false;
  client.send(large('c'));
  client.send(large('d'));
  await arrived();
  expect(received).toEqual([large('a'), '', large('d')]);
  expect(state.asked).toBe(3);
  expect(state.skippedBytes).toBeGreaterThan(0);
  // What arrived, not what it would decompress to.
  expect(state.skippedBytes).toBeLessThan(1000);
});

test('a thousand dropped messages in a row do not exhaust the stack', async () => {
  const { client, state, received, arrived } = await setUp({ clientNoContextTakeover: true });
  state.isSkipping = true;
  for (let at = 0; at < 3000; at += 1) client.send('x'.repeat(100));
  await arrived();
  expect(received).toHaveLength(3000);
  expect(new Set(received)).toEqual(new Set(['']));
});

test('an uncompressed connection is unaffected', async () => {
  const { client, state, received, arrived } = await setUp(false);
  state.isSkipping = true;
  client.send(large('a'));
  await arrived();
  expect(received).toEqual([large('a')]);
});
