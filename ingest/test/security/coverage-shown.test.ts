import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { LiveClient, socketOf } from '../live-client.ts';
import { SessionClient } from '../session-client.ts';
import { ExamFixture, fakeClock, stretch } from './exam-fixture.ts';
import type { Clock } from './exam-fixture.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

let clock: Clock;
let exam: ExamFixture;

beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open();
});
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

test('the wall, the report and ?format=sd tell seen live, arrived late and not observed apart', async () => {
  const ada = await exam.student('ada');
  const watching = await LiveClient.open(`${socketOf(exam.server)}/ws/proctor`);
  watching.send({ type: 'proctor.register', payload: { auth: await tokenOf('tina', 'TEACHER') }, timestamp: 0 });
  await watching.next('server.registration.ack');
  const socket = await new SessionClient(exam.server, ada.sessionId, `?token=${ada.token}`).opened();
  await watching.next('server.update-sentinels', ({ payload }) => JSON.stringify(payload).includes(ada.sessionId));
  watching.send({ type: 'proctor.subscribe', payload: { sentinelId: ada.sessionId }, timestamp: 0 });

  await ada.frames(stretch(0, clock.now(), 50));
  // The wall shows coverage once the session's analysis has been loaded, and so does the report.
  await ada.report();
  clock.advance(10_000);
  const outageMs = clock.now();
  clock.advance(60_000);
  // The minute of the outage except its last ten seconds, which stay missing.
  await ada.frames(stretch(50, outageMs, 250));
  clock.advance(10_000);
  await ada.frames(stretch(300, clock.now(), 1));
  const { payload } = await watching.next('server.frame', (message) =>
    message.payload.frames.some(
      ({ coverage }: { coverage?: { not_observed_s: number } }) => (coverage?.not_observed_s ?? 0) > 15,
    ),
  );
  const { coverage } = payload.frames.at(-1);
  expect(coverage).toEqual({ live_s: 29.8, late_s: 30, not_observed_s: 20.2 });

  // Each reader gets one analysis a second, and the last one again for ten times as long as it took.
  const report = await waitUntil(
    async () => {
      const newest = await ada.report().catch(() => null);
      return (newest?.coverage?.late_s ?? 0) > 0 ? newest : null;
    },
    { timeout: 15_000, interval: 100 },
  );
  expect(report?.coverage).toMatchObject({ live_s: 29.8, late_s: 30, not_observed_s: { no_frames: 20.2 } });
  expect(report?.coverage?.late).toHaveLength(1);
  await ada.end();
  const sd = (await ada.reportAnswer('?format=sd')).json;
  expect(sd.session_info).toMatchObject({ live_seconds: 29.8, late_seconds: 30, not_observed_seconds: 20.2 });
  socket.cut();
  watching.socket.close();
});
