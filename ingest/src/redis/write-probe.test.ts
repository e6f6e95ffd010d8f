import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pino } from 'pino';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { afterEach, expect, test } from 'vitest';
import { openRedis } from './redis-client.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** An address that leads to one Redis and later to another, as a virtual address does after a failover. */
const startAddress = async (firstPort: number) => {
  let port = firstPort;
  const silenced = new Set<Socket>();
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.on('close', () => far.destroy());
    near.on('data', (chunk) => silenced.has(near) || far.write(chunk));
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    leadTo: (next: number) => (port = next),
    /** Connections that are open now stay open but carry no more data. */
    silence: () => sockets.forEach((socket) => silenced.add(socket)),
  };
};

const open = async () => {
  const [first, second] = await Promise.all([startRedis(), startRedis()]);
  closers.push(
    () => first.stop(),
    () => second.stop(),
  );
  const ports = [first, second].map(({ url }) => Number(new URL(url).port)) as [number, number];
  const address = await startAddress(ports[0]);
  const client = openRedis(address.url, {}, pino({ level: 'silent' }));
  closers.push(() => client.destroy());
  await expect.poll(() => client.isReady, { timeout: 5000 }).toBe(true);
  return { address, client, ports };
};

test('opens a new connection within five seconds when the primary is demoted on a live one', async () => {
  const { address, client, ports } = await open();
  await client.set('frame', '1');
  await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
  address.leadTo(ports[1]);
  await expect(client.set('frame', '2')).rejects.toThrow('READONLY');
  await expect.poll(() => client.set('frame', '3').catch(() => null), { timeout: 5000 }).toBe('OK');
}, 20_000);

test('opens a new connection within five seconds when the old one leads nowhere', async () => {
  const { address, client, ports } = await open();
  address.silence();
  const lost = client.set('frame', '1').catch(() => 'lost');
  address.leadTo(ports[1]);
  expect(await lost).toBe('lost');
  await expect.poll(() => client.set('frame', '2').catch(() => null), { timeout: 10_000 }).toBe('OK');
}, 20_000);
