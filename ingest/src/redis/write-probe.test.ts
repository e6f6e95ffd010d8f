import { pino } from 'pino';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { afterEach, expect, test } from 'vitest';
import { openRedis } from './redis-client.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const open = async () => {
  const [first, second] = await Promise.all([startRedis(), startRedis()]);
  closers.push(
    () => first.stop(),
    () => second.stop(),
  );
  const ports = [first, second].map(({ url }) => Number(new URL(url).port)) as [number, number];
  const relay = await TcpRelay.start(ports[0]);
  const client = openRedis(`redis://127.0.0.1:${relay.port}`, {}, pino({ level: 'silent' }));
  closers.push(
    () => relay.close(),
    () => client.destroy(),
  );
  await expect.poll(() => client.isReady, { timeout: 15_000 }).toBe(true);
  return { relay, client, ports };
};

test('opens a new connection when the primary is demoted on a live one', async () => {
  const { relay, client, ports } = await open();
  await client.set('frame', '1');
  await client.sendCommand(['REPLICAOF', '127.0.0.1', '1']);
  relay.targetPort = ports[1];
  await expect(client.set('frame', '2')).rejects.toThrow('READONLY');
  await expect.poll(() => client.set('frame', '3').catch(() => null), { timeout: 15_000 }).toBe('OK');
}, 20_000);

test('opens a new connection when the old one leads nowhere', async () => {
  const { relay, client, ports } = await open();
  relay.silence();
  const lost = client.set('frame', '1').catch(() => 'lost');
  relay.targetPort = ports[1];
  expect(await lost).toBe('lost');
  await expect.poll(() => client.set('frame', '2').catch(() => null), { timeout: 10_000 }).toBe('OK');
}, 20_000);
