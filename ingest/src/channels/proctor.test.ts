import { createServer } from 'node:http';
import { BlockList } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { LiveClient } from '../../test/live-client.ts';
import type { Principal } from '../model/principal.ts';
import { openBudget } from '../../test/open-budget.ts';
import { localBus } from '../../test/local-bus.ts';
import { loadConfig } from '../config.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { ClientAddresses } from '../network/client-addresses.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import { LiveView } from '../live/live-view.ts';
import { Gateway } from '../realtime/gateway.ts';
import { RefusedOrigins } from '../realtime/refused-origins.ts';
import { proctorChannel } from './proctor.ts';

const tina: Principal = { userId: 'tina', role: 'TEACHER', sessionId: null, examId: null, expiresAtMs: null };

test('sends a list that could not be read during an outage of the records afterwards', async () => {
  const [metrics, now] = [createMetrics(), Date.now];
  const bus = localBus();
  const view = new LiveView({ replicaId: 'a', bus, now });
  let [isAway, reads] = [false, 0];
  const channel = proctorChannel({
    view,
    exams: {
      ...openExamDirectory,
      async mayWatch() {
        reads += 1;
        if (isAway) throw recordsUnavailable('away');
        return true;
      },
    },
    authenticator: { principalOf: async () => tina },
    registerWithinMs: 10_000,
    metrics,
    now,
  });
  const http = createServer();
  const { connectionLimits: limits } = loadConfig({});
  const log = pino({ level: 'silent' });
  const origins = { allowedOrigins: [], hostNames: null };
  const most = { maxConnections: 10, maxConnectionsPerAddress: 10 };
  const refusedOrigins = new RefusedOrigins(log, now);
  const gateway = new Gateway(http, {
    channels: [channel],
    limits,
    ...most,
    origins,
    addresses: new ClientAddresses(new BlockList()),
    refusedOrigins,
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
  const producer = { setResolution: () => undefined, setWatched: () => undefined };
  const leave = view.join('one', { examId: 'physics', name: 'Ada' }, producer);
  view.join('two', { examId: 'physics', name: 'Bob' }, producer);

  const wall = await LiveClient.open(`ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws/proctor`);
  wall.send({ type: 'proctor.register', payload: { auth: 'any' }, timestamp: 0 });
  await wall.next('server.update-sentinels', ({ payload }) => payload.sentinels.length === 2);
  isAway = true;
  const before = reads;
  leave();
  await expect.poll(() => reads).toBeGreaterThan(before);
  isAway = false;
  const { payload } = await wall.next('server.update-sentinels', ({ payload: now_ }) => now_.sentinels.length === 1);
  expect(payload.sentinels).toEqual([{ sentinelId: 'two', name: 'Bob' }]);
  wall.socket.close();
  await wall.closed;
});
