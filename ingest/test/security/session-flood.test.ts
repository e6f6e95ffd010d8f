import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer, tokenOf } from '@invigil/testkit/tokens/tokens';
import { budgetTable } from '../../src/budget/budget-table.ts';
import { ExamFixture } from './exam-fixture.ts';

let exam: ExamFixture;
beforeAll(async () => {
  exam = await ExamFixture.open();
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  await removeFolders();
});

const start = async (student: string) =>
  exam.server.ask(
    'POST',
    '/api/v1/session/start',
    { exam_id: exam.examId, member_id: student },
    bearer(await tokenOf(student, 'STUDENT')),
  );

test('forty starts at once are one session', async () => {
  await exam.teach(`/${exam.examId}/enrolments`, { students: [{ student_id: 'eve' }] });
  const started = await Promise.all(Array.from({ length: 40 }, () => start('eve')));
  expect(new Set(started.map(({ json }) => json.session_id)).size).toBe(1);
});

test('a student who starts and ends sessions without end is refused, and others are not', async () => {
  const { limit } = budgetTable.sessions;
  await exam.teach(`/${exam.examId}/enrolments`, { students: [{ student_id: 'mallory' }, { student_id: 'ada' }] });
  const db = new Database(join(exam.server.dataDir, 'records.db'));
  const at = new Date().toISOString();
  const insert = db.prepare(
    `insert into sessions (session_id, exam_id, member_id, status, started_at, ended_at, frames_cleared_at)
     values (?, ?, 'mallory', 'ended', ?, ?, ?)`,
  );
  for (let count = 0; count < limit; count += 1) insert.run(`m-${count}`, exam.examId, at, at, at);
  db.close();
  expect(await start('mallory')).toMatchObject({ status: 429, json: { code: 'RATE_EXCEEDED' } });
  expect((await start('ada')).status).toBe(201);
});
