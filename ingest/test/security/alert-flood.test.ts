import Database from 'libsql';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { budgetTable } from '../../src/budget/budget-table.ts';
import { LiveClient, socketOf } from '../live-client.ts';
import { ExamFixture, fakeClock, lively, phone } from './exam-fixture.ts';
import type { Clock, Student } from './exam-fixture.ts';

/** Of one student, sent to one proctor and not yet acknowledged. */
const openPerStudent = 25;
const { limit } = budgetTable.alerts;
const patience = { timeout: 30_000, interval: 20 };

let clock: Clock;
let exam: ExamFixture;
beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open({}, { environment: { MAX_FRAMES_PER_SECOND: '1000', MAX_FRAME_BURST: '100000' } });
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

/** Shows a phone for a second and hides it for five, again and again. */
const cycleMs = 6000;
const flood = async (student: Student, times: number): Promise<void> => {
  const perBatch = 100;
  for (let from = 0; from < times; from += perBatch) {
    const frames = Array.from({ length: Math.min(perBatch, times - from) }, (_, at) => {
      const seq = (from + at) * 5;
      const startMs = clock.now() + at * cycleMs;
      return [0, 600, 1200, 2400, 4800].map((ms, index) => lively(seq + index, startMs + ms, ms <= 1200 ? phone : {}));
    }).flat();
    clock.advance(perBatch * cycleMs);
    await student.frames(frames);
  }
};

const rowsOf = (student: string): number => {
  const db = new Database(join(exam.server.dataDir, 'records.db'), { readonly: true });
  const row = db.prepare('select count(*) as rows from alerts where member_id = ?').get(student) as { rows: number };
  db.close();
  return row.rows;
};

test('thousands of alerts of one student stay within its rows, and other students’ alerts arrive', async () => {
  const ada = await exam.student('ada');
  await flood(ada, 1);
  await expect.poll(() => rowsOf('ada'), patience).toBe(1);
  const eve = await exam.student('eve');
  await flood(eve, limit + 20);
  await expect.poll(() => rowsOf('eve'), patience).toBe(limit);
  const report = await eve.report();
  expect(report.observations).toHaveLength(limit + 20);

  const tina = await LiveClient.open(
    `${socketOf(exam.server)}/ws/alerts/tina?token=${await tokenOf('tina', 'TEACHER', '40d')}`,
  );
  const alertsOf = ({ sessionId }: Student) =>
    tina.messages.filter(({ type, stream_id: stream }) => type === 'anomaly_detected' && stream === sessionId);
  await expect.poll(() => alertsOf(ada).length, patience).toBe(1);
  await expect.poll(() => alertsOf(eve).length, patience).toBe(openPerStudent);
  // Acknowledging one makes room for the next.
  const [first] = alertsOf(eve);
  tina.send({ type: 'ack', stream_id: eve.sessionId, alert_id: first.result.alert_id });
  await expect.poll(() => alertsOf(eve).length, patience).toBe(openPerStudent + 1);
  tina.socket.close();
}, 120_000);
