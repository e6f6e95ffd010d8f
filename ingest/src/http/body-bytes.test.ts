import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import type { ClientRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { BodyBytes } from './body-bytes.ts';

const open = async (limit: number, limitPerKey = limit) => {
  let cuts = 0;
  const bodies = new BodyBytes({ limit, limitPerKey, onCut: () => (cuts += 1) });
  const server = createServer((request, response) => {
    const end = bodies.count(request, request.url ?? null);
    request.on('end', () => {
      end();
      response.end('read');
    });
    request.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const begin = (bytes: number, path = '/ada') => {
    const request: ClientRequest = send({ port, host: '127.0.0.1', method: 'POST', path, agent: false });
    const outcome = new Promise<'read' | 'cut'>((resolve) => {
      request.on('response', (response) => response.resume().on('end', () => resolve('read')));
      request.on('error', () => resolve('cut'));
    });
    request.write('x'.repeat(bytes));
    return { request, outcome };
  };
  return { bodies, begin, cuts: () => cuts };
};
const soon = { timeout: 10_000 };

test('bodies count while they are read, and no longer', async () => {
  const { bodies, begin } = await open(1000);
  const [one, other] = [begin(400), begin(500)];
  await expect.poll(() => bodies.bytes, soon).toBe(900);
  one.request.end();
  expect(await one.outcome).toBe('read');
  other.request.destroy();
  await expect.poll(() => bodies.bytes, soon).toBe(0);
});

test('the body that exceeds the limit is cut, and the others are read', async () => {
  const { bodies, begin } = await open(1000);
  const first = begin(800);
  await expect.poll(() => bodies.bytes, soon).toBe(800);
  expect(await begin(300).outcome).toBe('cut');
  await expect.poll(() => bodies.bytes, soon).toBe(800);
  first.request.end();
  expect(await first.outcome).toBe('read');
});

test('the bodies of one client leave room for those of others', async () => {
  const { bodies, begin, cuts } = await open(1000, 500);
  const eve = begin(400, '/eve');
  await expect.poll(() => bodies.bytes, soon).toBe(400);
  expect(await begin(200, '/eve').outcome).toBe('cut');
  expect(cuts()).toBe(1);
  const ada = begin(450, '/ada');
  await expect.poll(() => bodies.bytes, soon).toBe(850);
  for (const { request, outcome } of [eve, ada]) {
    request.end();
    expect(await outcome).toBe('read');
  }
});
