import { once } from 'node:events';
import { createServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { sendStream } from './send-stream.ts';

const chunk = Buffer.alloc(65_536);
const chunks = 200;
let listeners: number[] = [];
let isEnded = false;
let sent: Promise<void>;
const server = createServer((_request, response) => {
  const source = async function* () {
    try {
      for (let count = 0; count < chunks; count += 1) {
        yield chunk;
        listeners.push(response.listenerCount('close'), response.listenerCount('error'));
      }
    } finally {
      isEnded = true;
    }
  };
  sent = sendStream(source(), response);
});
server.listen(0, '127.0.0.1');
afterEach(() => {
  listeners = [];
  isEnded = false;
});

const open = async (): Promise<IncomingMessage> => {
  if (!server.listening) await once(server, 'listening');
  const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
};

test('a slow reader receives everything, and no listener is left behind by each chunk', async () => {
  let bytes = 0;
  for await (const part of await open()) {
    bytes += (part as Buffer).length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sent;
  expect(bytes).toBe(chunks * chunk.length);
  expect(Math.max(...listeners)).toBeLessThanOrEqual(10);
});

test('a reader that disconnects ends the source', async () => {
  const response = await open();
  response.destroy();
  await sent;
  expect(isEnded).toBe(true);
  expect(listeners.length).toBeLessThan(2 * chunks);
  server.close();
});
