import { expect, onTestFinished, test } from 'vitest';
import { LiveClient } from '../../test/live-client.ts';
import { serveChannels } from '../../test/serve-channels.ts';
import { localBus } from '../../test/local-bus.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import { ExamStays } from '../live/exam-stays.ts';
import { LiveView } from '../live/live-view.ts';
import type { Principal } from '../model/principal.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { proctorChannel } from './proctor.ts';
import { sentinelChannel } from './sentinel.ts';

const ada: Principal = { userId: 'ada', role: 'STUDENT', sessionId: null, examId: null, expiresAtMs: null };

const start = async () => {
  const [metrics, now] = [createMetrics(), Date.now];
  const bus = localBus();
  const view = new LiveView({ replicaId: 'a', bus, now });
  const authenticator = { principalOf: async () => ada };
  const options = {
    view,
    exams: openExamDirectory,
    stays: new ExamStays({ bus, statusOf: async () => null, onError: () => undefined }),
    authenticator,
    registerWithinMs: 10_000,
    metrics,
    now,
  };
  onTestFinished(async () => {
    view.close();
    await bus.close();
  });
  return { view, origin: await serveChannels([sentinelChannel(options), proctorChannel(options)]) };
};

test.each(['sentinel', 'proctor'])('rejects a registration of a %s without payload, with a reason', async (who) => {
  const { origin } = await start();
  const client = await LiveClient.open(`${origin}/ws/${who}`);
  client.send({ type: `${who}.register`, timestamp: 0 });
  const { payload } = await client.next('server.registration.reject');
  expect(payload).toEqual({ reason: 'invalid registration payload' });
  expect(await client.closed).toBe(1008);
});

test('lists a sentinel from its registration until it disconnects', async () => {
  const { view, origin } = await start();
  const client = await LiveClient.open(`${origin}/ws/sentinel`);
  client.send({ type: 'sentinel.register', payload: { pin: 123_456, auth: 'any' }, timestamp: 0 });
  const { payload } = await client.next('server.registration.ack');
  expect(view.sentinelOf(payload.sentinelId)).toMatchObject({ examId: 'pin-123456' });
  client.socket.close();
  await expect.poll(() => view.sentinels()).toEqual([]);
});

test('closes a connection that sends anything before it registers', async () => {
  const { origin } = await start();
  const client = await LiveClient.open(`${origin}/ws/sentinel`);
  client.send({ type: 'sentinel.frame', payload: [], timestamp: 0 });
  expect(await client.closed).toBe(1008);
});
