import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, openProctor, openSentinel, socketOf } from './live-client.ts';
import { startNats } from '@invigil/testkit/services/nats-service';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { SessionClient } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** Redis for the frames, NATS as the bus, Postgres for the records: each can fail independently. */
let redis: Awaited<ReturnType<typeof startRedis>>;
let nats: Awaited<ReturnType<typeof startNats>>;
let postgres: PostgresService;
let here: TestServer;
let there: TestServer;

beforeAll(async () => {
  [redis, nats, postgres] = [await startRedis(), await startNats(), await startPostgres()];
  const environment = { REDIS_URL: redis.url, NATS_URL: nats.url, DATABASE_URL: postgres.url };
  const folder = await makeFolder();
  here = await startServer(environment, {}, folder);
  there = await startServer(environment, {}, folder);
}, 120_000);
afterAll(async () => {
  await Promise.all([here?.close(), there?.close()]);
  await redis?.stop();
  await nats?.stop();
  await postgres?.remove();
  await removeFolders();
});

const framesOf = (from: number, to: number, startMs: number, isPhone: (seq: number) => boolean) =>
  Array.from({ length: to - from }, (_, index) => ({
    seq: from + index,
    timestamp: startMs + (from + index) * 200,
    no_of_face: 1,
    phone_present: isPhone(from + index) ? 1 : 0,
    phone_conf: 90,
  }));

/** A student on one replica shows a phone; resolves when the frames are acknowledged. */
const showPhone = async (sessionId: string): Promise<void> => {
  const student = await new SessionClient(here, sessionId).opened();
  student.send({ type: 'batch', frames: framesOf(0, 60, Date.now(), (seq) => seq >= 20 && seq < 40) });
  await student.next('ack');
  student.close();
};

const openAlerts = (): Promise<LiveClient> => LiveClient.open(`${socketOf(there)}/ws/alerts/teacher`);
/** Long enough for an alert that the bus lost: it is read from the records every 10 s. */
const alertOf = (proctor: LiveClient, sessionId: string) =>
  proctor.next('anomaly_detected', ({ stream_id }) => stream_id === sessionId, 15_000);

test('alerts survive a bus outage through the records, and the live view recovers afterwards', async () => {
  const alerts = await openAlerts();
  const wall = await openProctor(there);
  await showPhone('before');
  await alertOf(alerts, 'before');

  await nats.stop();
  await waitUntil(async () => (await there.ask('GET', '/healthz')).status === 503, { timeout: 10_000 });
  await showPhone('during');
  const { sentinelId } = await openSentinel(here, 5);
  await alertOf(alerts, 'during');
  expect(wall.messages.some(({ payload }) => JSON.stringify(payload).includes(sentinelId))).toBe(false);

  await nats.start();
  await wall.next('server.update-sentinels', ({ payload }) => JSON.stringify(payload).includes(sentinelId), 10_000);
  await showPhone('after');
  await alertOf(alerts, 'after');
  const ids = alerts.messages.filter(({ type }) => type === 'anomaly_detected').map(({ result }) => result.alert_id);
  expect(new Set(ids).size).toBe(ids.length);
}, 60_000);

test('a message to a student that was lost with the bus is sent after it recovers', async () => {
  const page = await new SessionClient(there, 'spoken').opened();
  page.send({ type: 'hello', client_time_ms: 0 });
  await page.next('welcome');
  await nats.stop();
  await waitUntil(async () => (await here.ask('GET', '/healthz')).status === 503, { timeout: 10_000 });
  const reply = await here.ask('POST', '/api/v1/session/spoken/messages', { text: 'Please turn on a light.' });
  expect(reply.status).toBe(202);
  await page.settled();
  expect(page.messages.map(({ type }) => type)).not.toContain('proctor_message');
  await nats.start();
  expect(await page.next('proctor_message')).toMatchObject({ message_id: reply.json.message_id });
  page.close();
}, 60_000);

test('an alert raised during an outage of the records arrives afterwards', async () => {
  const alerts = await openAlerts();
  const student = await new SessionClient(here, 'patient').opened();
  const startMs = Date.now();
  student.send({ type: 'batch', frames: framesOf(0, 10, startMs, () => false) });
  await student.next('ack');
  await showPhone('first');
  await alertOf(alerts, 'first');

  await postgres.stop();
  student.send({ type: 'batch', frames: framesOf(10, 60, startMs, (seq) => seq >= 20) });
  await student.next('ack');
  await postgres.start();
  const { result } = await alertOf(alerts, 'patient');
  expect(result.observation).toMatchObject({ type: 'phone_visible', from_ms: startMs + 20 * 200 });
  student.close();
}, 60_000);
