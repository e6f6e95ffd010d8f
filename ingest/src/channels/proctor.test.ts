import { expect, onTestFinished, test } from 'vitest';
import { LiveClient } from '../../test/live-client.ts';
import type { Principal } from '../model/principal.ts';
import { serveChannels } from '../../test/serve-channels.ts';
import { localBus } from '../../test/local-bus.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { openExamDirectory } from '../live/exam-directory.ts';
import { ExamStays } from '../live/exam-stays.ts';
import { LiveView } from '../live/live-view.ts';
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
    stays: new ExamStays({ bus, statusOf: async () => null, onError: () => undefined }),
    authenticator: { principalOf: async () => tina },
    registerWithinMs: 10_000,
    metrics,
    now,
  });
  onTestFinished(async () => {
    view.close();
    await bus.close();
  });
  const producer = { setResolution: () => undefined, setWatched: () => undefined };
  const leave = view.join('one', { examId: 'physics', name: 'Ada' }, producer);
  view.join('two', { examId: 'physics', name: 'Bob' }, producer);

  const wall = await LiveClient.open(`${await serveChannels([channel])}/ws/proctor`);
  wall.send({ type: 'proctor.register', payload: { auth: 'any' }, timestamp: 0 });
  await wall.next('server.update-sentinels', ({ payload }) => payload.sentinels.length === 2);
  // A repeated registration shows the client that its connection still works.
  wall.messages.length = 0;
  wall.send({ type: 'proctor.register', payload: { auth: 'any' }, timestamp: 0 });
  await wall.next('server.registration.ack');
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
