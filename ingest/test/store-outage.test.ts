import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import { TcpRelay } from '@invigil/testkit/network/tcp-relay';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { waitUntil } from '@invigil/testkit/timers/waits';
import { createIngest, loadConfig } from '../src/app.ts';
import { SessionClient, batch } from './session-client.ts';

let redis: Awaited<ReturnType<typeof startRedis>>;
let postgres: PostgresService;

beforeAll(async () => {
  redis = await startRedis();
  postgres = await startPostgres();
});
afterAll(async () => {
  await redis.stop();
  await postgres.remove();
  await removeFolders();
});

const back = { timeout: 10_000, interval: 100 };

test('listens once Redis answers, so that no early client is refused', async () => {
  const relay = await TcpRelay.start(Number(new URL(redis.url).port));
  onTestFinished(() => relay.close());
  relay.hold();
  let isListening = false;
  const starting = startServer({ REDIS_URL: `redis://127.0.0.1:${relay.port}` }, { storesWithinMs: 60_000 });
  void starting.then(() => (isListening = true));
  await waitUntil(() => relay.holds('HELLO'));
  // A server that did not wait would be listening by now. One that waits does so for longer.
  await delay(500);
  expect(isListening).toBe(false);
  relay.release();
  const server = await starting;
  expect((await server.ask('GET', '/healthz')).status).toBe(200);
  await server.close();
});

test('does not listen after it was closed while it waited for its stores', async () => {
  await redis.stop();
  onTestFinished(async () => void (await redis.start()));
  const ingest = createIngest({
    ...loadConfig({ REDIS_URL: redis.url, DATA_DIR: await makeFolder(), LOG_LEVEL: 'silent' }),
    port: 0,
  });
  const outcome = ingest.listen().catch((error: unknown) => error);
  await ingest.close();
  expect(await outcome).toMatchObject({ reason: 'closed' });
});

test('starts without Redis, reports it, acknowledges nothing, and recovers when Redis is available', async () => {
  await redis.stop();
  const server = await startServer({ REDIS_URL: redis.url });
  expect(await server.ask('GET', '/healthz')).toMatchObject({
    status: 503,
    json: { status: 'unavailable', parts: { frames: 'unavailable', records: 'ok' } },
  });
  const client = await new SessionClient(server, 'early').opened();
  client.send({ type: 'hello', client_time_ms: 0 });
  client.send(batch(0, 4));
  for (const _message of ['hello', 'batch']) {
    const slowDown = await client.next('slow_down');
    expect(slowDown).toMatchObject({ reason: 'frame_store_unavailable' });
    expect(slowDown.retry_after_ms).toBeGreaterThanOrEqual(1000);
  }
  expect(client.messages).toEqual([]);
  const analysis = await server.ask('POST', '/api/v1/session/early/analyze');
  expect(analysis).toMatchObject({ status: 503, json: { code: 'STORE_UNAVAILABLE' } });
  expect(analysis.headers.get('retry-after')).toMatch(/^\d+$/);

  await redis.start();
  await expect.poll(() => server.ask('GET', '/healthz').then(({ status }) => status), back).toBe(200);
  client.send(batch(0, 4));
  expect(await client.next('ack')).toMatchObject({ up_to_seq: 4 });
  client.close();
  await server.close();
});

test('survives losing Redis during a session: nothing is acknowledged, then everything again', async () => {
  const server = await startServer({ REDIS_URL: redis.url });
  const client = await new SessionClient(server, 'middle').opened();
  client.send(batch(0, 4));
  await client.next('ack');
  await redis.stop();
  client.send(batch(5, 9));
  await client.next('slow_down');
  const single = { session_id: 'middle', extracted_features: { face_present: 1 } };
  expect(await server.ask('POST', '/api/v1/session/ws/fallback', single)).toMatchObject({ status: 503 });
  expect(await server.ask('POST', '/api/v1/session/middle/end')).toMatchObject({ status: 503 });
  await redis.start();
  await expect.poll(() => server.ask('GET', '/healthz').then(({ status }) => status), back).toBe(200);
  // The interrupted end is finished now. This Redis came back empty, because it has no persistence.
  await expect
    .poll(() => server.ask('POST', '/api/v1/session/middle/end').then(({ status }) => status), back)
    .toBe(204);
  await client.next('session_ended');
  await server.close();
});

test('sends slow_down while Redis hangs, and stores each frame once when it recovers', async () => {
  const server = await startServer({ REDIS_URL: redis.url });
  const client = await new SessionClient(server, 'hanging').opened();
  client.send(batch(0, 4));
  await client.next('ack');
  redis.pause();
  client.send(batch(5, 9));
  await client.next('slow_down');
  expect(await server.ask('POST', '/api/v1/session/hanging/analyze')).toMatchObject({
    status: 503,
    json: { code: 'STORE_UNAVAILABLE' },
  });
  redis.resume();
  // The server may still be opening a new connection; a client resends after each slow_down.
  await expect
    .poll(async () => {
      client.send(batch(5, 9));
      await client.settled();
      return client.messages.findLast(({ type }) => type === 'ack')?.up_to_seq;
    }, back)
    .toBe(9);
  await expect
    .poll(async () => {
      const { json } = await server.ask('POST', '/api/v1/session/hanging/analyze');
      return json.integrity?.frames;
    }, back)
    .toBe(10);
  await server.close();
});

test('starts without Postgres, reports it to clients, and recovers when it is available', async () => {
  await postgres.stop();
  const server = await startServer({ DATABASE_URL: postgres.url });
  expect(await server.ask('GET', '/healthz')).toMatchObject({
    status: 503,
    json: { parts: { records: 'unavailable' } },
  });
  expect(await server.ask('POST', '/api/v1/session/start', { exam_id: 'a', member_id: 'b' })).toMatchObject({
    status: 503,
    json: { code: 'STORE_UNAVAILABLE' },
  });
  const client = new SessionClient(server, 'no-records');
  expect((await client.closed).code).toBe(1013);
  await postgres.start();
  await expect.poll(() => server.ask('GET', '/healthz').then(({ status }) => status), back).toBe(200);
  await (await new SessionClient(server, 'no-records').opened()).settled();
  await server.close();
});
