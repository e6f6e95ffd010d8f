import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamClient } from '../exam-client.ts';
import { ExamFixture, fakeClock, lively } from './exam-fixture.ts';
import type { Clock } from './exam-fixture.ts';

let clock: Clock;
let exam: ExamFixture;
beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open();
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

const rowsOf = (student: string): number => {
  const db = new Database(join(exam.server.dataDir, 'records.db'), { readonly: true });
  const count = db.prepare('select count(*) as rows from exam_violations where student_id = ?');
  const { rows } = count.get(student) as { rows: number };
  db.close();
  return rows;
};

test('frames with thousands of violations cause one row for each second that has passed, and one message', async () => {
  const teacher = await ExamClient.open(exam.server, exam.examId, await tokenOf('tina', 'TEACHER'));
  const eve = await exam.student('eve');
  const passedS = 10;
  clock.advance(passedS * 1000);
  let atMs = clock.now() - 30 * 86_400_000;
  for (let batch = 0; batch < 8; batch += 1) {
    const frames = Array.from({ length: 50 }, (_, at) =>
      lively(batch * 50 + at, clock.now(), {
        page_violations: Array.from({ length: 50 }, () => ({ type: 'TAB_SWITCH' as const, timestamp: (atMs += 1000) })),
      }),
    );
    await eve.frames(frames);
  }
  // An exam page detects violations up to a minute before its session starts.
  expect(rowsOf('eve')).toBeGreaterThan(0);
  expect(rowsOf('eve')).toBeLessThanOrEqual(passedS + 61);
  await teacher.settled();
  expect(teacher.types().filter((type) => type === 'violation')).toHaveLength(1);
  await teacher.close();
});

test('an honest student’s violation beside it is recorded and announced', async () => {
  const teacher = await ExamClient.open(exam.server, exam.examId, await tokenOf('tina', 'TEACHER'));
  const ada = await exam.student('ada');
  clock.advance(2000);
  await ada.frames([lively(0, clock.now(), { page_violations: [{ type: 'DEV_TOOLS', timestamp: clock.now() }] })]);
  expect(await teacher.next('violation', (message) => message.student_id === 'ada')).toMatchObject({
    violation_type: 'DEV_TOOLS',
    total_count: 1,
  });
  expect(rowsOf('ada')).toBe(1);
  await teacher.close();
});
