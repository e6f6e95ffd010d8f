import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient, batch } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let redis: Awaited<ReturnType<typeof startRedis>>;
let one: TestServer;
let two: TestServer;

beforeAll(async () => {
  redis = await startRedis();
  one = await startServer({ REDIS_URL: redis.url });
  two = await startServer({ REDIS_URL: redis.url });
  for (const server of [one, two]) {
    await waitUntil(async () => (await server.ask('GET', '/healthz')).status === 200, { timeout: 10_000 });
  }
});
afterAll(async () => {
  await one.close();
  await two.close();
  await redis.stop();
  await removeFolders();
});

const hello = { type: 'hello', client_time_ms: 0 };

test.each([
  ['on the same replica', 'same', () => one],
  ['on another replica', 'other', () => two],
])('a newer client that sends hello replaces the older one %s', async (_where, sessionId, second) => {
  const documented = await new SessionClient(one, sessionId).opened();
  const older = await new SessionClient(one, sessionId).opened();
  older.send(hello);
  await older.next('welcome');
  older.send(batch(0, 4));
  older.send(batch(8, 9));
  await older.next('ack');
  await older.next('ack');
  const newer = await new SessionClient(second(), sessionId).opened();
  newer.send(hello);
  // The new client has no sequence numbers of its own, and must not reuse those of the older one.
  expect(await newer.next('welcome')).toMatchObject({ up_to_seq: 4, highest_seq: 9 });
  expect((await older.closed).code).toBe(4001);
  newer.send(batch(10, 14));
  await newer.next('ack');
  newer.send(hello);
  await newer.next('welcome');
  // Clients of the documented shapes do not number frames, so several of them can stay connected.
  await documented.settled();
  await newer.settled();
  documented.close();
  newer.close();
});

test('frames that the older one had sent before are acknowledged before it is closed', async () => {
  const older = await new SessionClient(one, 'in-flight').opened();
  older.send(hello);
  await older.next('welcome');
  const newer = await new SessionClient(one, 'in-flight').opened();
  for (let n = 0; n < 10; n++) older.send(batch(n, n));
  newer.send(hello);
  const { highest_seq: highest } = await newer.next('welcome');
  expect((await older.closed).code).toBe(4001);
  const acknowledged = older.messages.filter(({ type }) => type === 'ack').map(({ up_to_seq: seq }) => seq);
  expect(Math.max(-1, ...acknowledged)).toBe(highest);
  newer.close();
});
