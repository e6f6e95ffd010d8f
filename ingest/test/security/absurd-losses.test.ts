import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { ExamFixture, lively, phone } from './exam-fixture.ts';

let exam: ExamFixture;
beforeAll(async () => {
  exam = await ExamFixture.open();
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  await removeFolders();
});

test('losses beyond what the session can have numbered are refused and settle nothing', async () => {
  const student = await exam.student('eve');
  await student.frames([lively(0, Date.now())]);
  const statements = [
    { counts: { outbox_full: 1.7e308 } },
    { counts: {}, ranges: [{ reason: 'engine_stalled', seqs: [1, Number.MAX_SAFE_INTEGER] }] },
    { counts: { storage_failed: 2 ** 40 }, ranges: [{ reason: 'engine_stalled', seqs: [1, 2 ** 40] }] },
  ];
  for (const statement of statements) {
    const { json } = await student.send({ type: 'losses', ...statement });
    expect(json.messages).toMatchObject([{ type: 'error', code: 'INVALID_MESSAGE' }]);
  }
  // A frame of such a number is stored as usual: it was not settled as lost.
  const { json } = await student.send({ type: 'batch', frames: [lively(5, Date.now(), phone)] });
  expect(json.messages.at(-1)).toMatchObject({ type: 'ack', up_to_seq: 0, seqs: [[5, 5]] });
  const report = await student.finalReport();
  expect(report.integrity).toMatchObject({ frames: 2, frames_lost: 0, losses: {} });
  const { text } = await exam.server.ask('GET', '/metrics');
  const lost = [...text.matchAll(/^invigil_frames_lost_total\{.*\} (\S+)$/gm)].map(([, count]) => Number(count));
  expect(Math.max(0, ...lost)).toBe(0);
});

test('a statement that is possible, but false, settles only numbers that the server does not have', async () => {
  const student = await exam.student('mallory');
  await student.frames([lively(0, Date.now(), phone)]);
  // Frames 0 to 50 "lost", of which the server already has frame 0.
  await student.send({ type: 'losses', counts: {}, ranges: [{ reason: 'engine_stalled', seqs: [0, 50] }] });
  const { json } = await student.send({ type: 'batch', frames: [lively(1, Date.now())] });
  expect(json.messages.at(-1)).toMatchObject({ type: 'ack', up_to_seq: 50 });
  const report = await student.finalReport();
  expect(report.integrity).toMatchObject({ frames: 1, losses: { engine_stalled: 50 } });
});
