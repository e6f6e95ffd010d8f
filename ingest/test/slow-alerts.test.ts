import { setImmediate as breath } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadConfig } from '../src/app.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { LiveClient, socketOf } from './live-client.ts';
import { SessionClient, startMs } from './session-client.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

/** The rate limit is raised, so that the client can fill all buffers in between. */
const { connectionLimits } = loadConfig({ MAX_SEND_BUFFER_BYTES: '65536' });
const unhurried = { messagesPerSecond: 1e6, messageBurst: 1e6, bytesPerSecond: 1e9, byteBurst: 1e9 };

let server: TestServer;
beforeAll(async () => {
  server = await startServer({}, { connectionLimits: { ...connectionLimits, ...unhurried } });
});
afterAll(async () => {
  await server.close();
  await removeFolders();
});

const connections = async (): Promise<number> => (await server.ask('GET', '/ws/connections')).json.total_connections;
const alerts = (): Promise<LiveClient> => LiveClient.open(`${socketOf(server)}/ws/alerts/teacher`);
const alertIds = ({ messages }: LiveClient): string[] =>
  messages.filter(({ type }) => type === 'anomaly_detected').map(({ result }) => result.alert_id);

/** A student shows a phone; resolves when the frames are acknowledged. */
const showPhone = async (sessionId: string): Promise<void> => {
  const student = await new SessionClient(server, sessionId).opened();
  const frames = Array.from({ length: 40 }, (_, seq) => ({
    seq,
    timestamp: startMs + seq * 200,
    no_of_face: 1,
    phone_present: seq >= 10 ? 1 : 0,
    phone_conf: 90,
  }));
  student.send({ type: 'batch', frames });
  await student.next('ack');
  student.close();
};

test('a proctor who does not read is disconnected, and gets every alert after reconnecting', async () => {
  const slow = await alerts();
  await waitUntil(async () => (await connections()) === 1);
  slow.socket.pause();
  await showPhone('before');
  let isGone = false;
  const filling = async (): Promise<void> => {
    while (!isGone) {
      for (let count = 0; count < 500 && slow.socket.bufferedAmount < 1_000_000; count++) slow.send({ type: 'ping' });
      await breath();
    }
  };
  const filled = filling();
  // Bounded: the server does not buffer what the client does not read.
  await waitUntil(async () => (await connections()) === 0, { timeout: 40_000, interval: 50 });
  isGone = true;
  await filled;
  slow.socket.terminate();
  await showPhone('meanwhile');

  const back = await alerts();
  await waitUntil(() => alertIds(back).length >= 2);
  expect(alertIds(back).toSorted()).toEqual(['before:phone_visible-10', 'meanwhile:phone_visible-10']);
  back.socket.close();
}, 60_000);
