import { createServer } from 'node:http';
import { BlockList } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { LiveClient } from '../../test/live-client.ts';
import { openBudget } from '../../test/open-budget.ts';
import { localBus } from '../../test/local-bus.ts';
import { loadConfig } from '../config.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import { LiveView } from '../live/live-view.ts';
import type { Principal } from '../model/principal.ts';
import { Gateway } from '../realtime/gateway.ts';
import { RefusedOrigins } from '../realtime/refused-origins.ts';
import { ClientAddresses } from '../network/client-addresses.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { proctorChannel } from './proctor.ts';
import { sentinelChannel } from './sentinel.ts';

const ada: Principal = { userId: 'ada', role: 'STUDENT', sessionId: null, examId: null, expiresAtMs: null };

const start = async () => {
  const [metrics, now] = [createMetrics(), Date.now];
  const bus = localBus();
  const view = new LiveView({ replicaId: 'a', bus, now });
  const authenticator = { principalOf: async () => ada };
  const options = { view, exams: openExamDirectory, authenticator, registerWithinMs: 10_000, metrics, now };
  const http = createServer();
  const log = pino({ level: 'silent' });
  const gateway = new Gateway(http, {
    channels: [sentinelChannel(options), proctorChannel(options)],
    limits: loadConfig({}).connectionLimits,
    maxConnections: 10,
    maxConnectionsPerAddress: 10,
    origins: { allowedOrigins: [], hostNames: null },
    addresses: new ClientAddresses(new BlockList()),
    refusedOrigins: new RefusedOrigins(log, now),
    metrics,
    budget: openBudget(),
    log,
    now,
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await gateway.close();
    http.close();
    view.close();
    await bus.close();
  });
  return { view, origin: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` };
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
