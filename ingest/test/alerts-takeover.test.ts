import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, socketOf } from './live-client.ts';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { waitUntil } from '@invigil/testkit/timers/waits';

let redis: Awaited<ReturnType<typeof startRedis>>;
let server: TestServer;
beforeAll(async () => {
  redis = await startRedis();
  server = await startServer({ REDIS_URL: redis.url });
});
afterAll(async () => {
  await server.close();
  await redis.stop();
  await removeFolders();
});

const connections = async (): Promise<number> => (await server.ask('GET', '/ws/connections')).json.total_connections;

test('an alerts connection is replaced by a newer one on another replica, and not by an older one whose announcement arrives late', async () => {
  const bus = await createClient({ url: redis.url }).connect();
  const client = await LiveClient.open(`${socketOf(server)}/ws/alerts/tina`);
  await waitUntil(async () => (await connections()) === 1);
  const channel = 'invigil:bus:alerts.arrivals.tina';
  const arrive = (atMs: number): Promise<number> =>
    bus.publish(
      channel,
      JSON.stringify({ from: 'another replica', message: { user_id: 'tina', at_ms: atMs, id: 'other' } }),
    );
  // Until the server has subscribed.
  await waitUntil(async () => (await arrive(Date.now() - 60_000)) > 0);
  client.send({ type: 'ping', timestamp: new Date().toISOString() });
  await client.next('pong');
  await arrive(Date.now() + 60_000);
  expect(await client.closed).toBe(4001);
  bus.destroy();
});
