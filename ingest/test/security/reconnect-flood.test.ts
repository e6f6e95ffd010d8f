import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { tokenOf } from '@invigil/testkit/tokens/tokens';
import { ExamClient } from '../exam-client.ts';
import { ExamFixture, fakeClock } from './exam-fixture.ts';

let exam: ExamFixture;
beforeAll(async () => {
  // Time stands still, so that no interval passes during the flood.
  fakeClock();
  exam = await ExamFixture.open();
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

test('a student who reconnects forty times is announced a few times, to everybody else', async () => {
  const students = ['eve', 'ada'].map((student_id) => ({ student_id }));
  await exam.teach(`/${exam.examId}/enrolments`, { students });
  const [eve, ada, tina] = [
    await tokenOf('eve', 'STUDENT'),
    await tokenOf('ada', 'STUDENT'),
    await tokenOf('tina', 'TEACHER'),
  ];
  const watching = [
    await ExamClient.open(exam.server, exam.examId, ada),
    await ExamClient.open(exam.server, exam.examId, tina),
  ];
  const startedAt = process.hrtime.bigint();
  for (let count = 0; count < 40; count += 1) await (await ExamClient.open(exam.server, exam.examId, eve)).close();
  for (const client of watching) {
    const isEves = ({ student_id: id }: { student_id?: string }): boolean => id === 'eve';
    await client.next('participant_joined', isEves);
    await client.settled();
    // One arrival and one departure at once, then one message in two seconds, instead of eighty.
    const elapsedS = Number(process.hrtime.bigint() - startedAt) / 1e9;
    expect(client.messages.filter(isEves).length).toBeLessThanOrEqual(3 + elapsedS / 2);
    await client.close();
  }
});
