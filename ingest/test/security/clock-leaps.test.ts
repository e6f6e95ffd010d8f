import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, expect, test } from 'vitest';
import { SteadyClock } from '@invigil/ingest/testing';
import { machineClocks } from '../../src/time/steady-clock.ts';
import { dumpOf } from '../../src/dump/frames-dump.ts';
import { makeFolder, removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import { jwtSecret } from '@invigil/testkit/tokens/tokens';
import { ExamFixture, stretch } from './exam-fixture.ts';

afterAll(removeFolders);

const dayMs = 86_400_000;
let leapMs = 0;
/** The machine's clocks; the wall clock leaps by `leapMs`. */
const clock = () => new SteadyClock({ ...machineClocks, wallMs: () => Date.now() + leapMs });

test('a wall clock that is set neither stops reports nor ends sessions, and nothing is deleted after a restart', async () => {
  const folder = await makeFolder();
  const environment = { AUTH: 'jwt', JWT_SECRET: jwtSecret, RETENTION_INTERVAL_SECONDS: '1' };
  const server = await startServer(environment, {}, folder, clock());
  const exam = await ExamFixture.open({ retention: { frames_days: 1, reports_days: 1 } }, { server });
  const [ada, bob] = [await exam.student('ada'), await exam.student('bob')];
  await ada.frames(stretch(0, Date.now() - 4000, 20));
  const reportOf = async () =>
    (await server.ask('GET', `/api/v1/session/${ada.sessionId}/report`, undefined, exam.teacher)).status;
  expect(await reportOf()).toBe(200);
  // The report throttle would stay closed for an hour if it used the wall clock.
  leapMs = -3_600_000;
  await expect.poll(reportOf, { timeout: 10_000, interval: 1100 }).toBe(200);
  leapMs = 400 * dayMs;
  await bob.frames(stretch(0, Date.now() - 4000, 20));
  await ada.end();
  const bobs = await server.ask('GET', `/api/v1/session/${bob.sessionId}`, undefined, exam.teacher);
  expect(bobs.json.status).toBe('running');
  await server.close();

  const restarted = await startServer(environment, {}, folder, clock());
  await expect
    .poll(async () => (await restarted.ask('GET', '/healthz')).json.retention_stopped, { timeout: 10_000 })
    .toContain('the clock was set');
  // It began 400 days ago by this clock.
  const records = new Database(join(restarted.dataDir, 'records.db'), { readonly: true });
  expect(records.prepare('select status from sessions where session_id = ?').get(bob.sessionId)).toMatchObject({
    status: 'running',
  });
  records.close();
  expect(await dumpOf(restarted.dumpDir, ada.sessionId)).not.toBeNull();
  await restarted.close();
}, 60_000);
