import { violationTypes } from '@invigil/protocol/channels';
import type { ViolationType } from '@invigil/protocol/channels';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer, tokenOf } from '@invigil/testkit/tokens/tokens';
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

test('fields of the server inside a frame or an answer are ignored', async () => {
  const eve = await exam.student('eve');
  clock.advance(600_000);
  const fromMs = clock.now() - 590_000;
  const frames = Array.from({ length: 100 }, (_, seq) => {
    const atMs = fromMs + seq * 1000;
    return { ...lively(seq, atMs), received_at: atMs, frame_id: `${seq}`, lane: 'live', late: false };
  });
  await eve.frames(frames);
  const body = {
    question_id: 'q1',
    question_number: 1,
    answer: 'b',
    answered_at: '2026-01-01T00:00:00.000Z',
    unobserved_at: null,
  };
  const answer = await exam.server.ask('POST', `/api/v1/exams/${exam.examId}/answers`, body, bearer(eve.token));
  expect(answer.status).toBeLessThan(300);
  const { coverage, work } = await eve.report();
  expect(coverage?.live_s).toBe(0);
  const [question] = work!.questions;
  expect(Date.parse(question!.answered_at)).toBe(clock.now());
  await expect.poll(() => exam.alerts(eve.sessionId), { timeout: 10_000 }).toContain('answered_unobserved');
});

test('times and numbers at the limits of their types widen nothing', async () => {
  const mia = await exam.student('mia');
  clock.advance(10_000);
  const live = (seq: number) => lively(seq, clock.now());
  const last = Number.MAX_SAFE_INTEGER;
  for (const frame of [
    { ...live(1), timestamp: -1 },
    { ...live(2), timestamp: 8.64e15 },
    { ...live(3), timestamp: 1e300 },
    { ...live(4), timestamp: 0.5 },
    { ...live(5), timestamp: '2026' },
    { ...live(-1) },
    { ...live(last + 1) },
    { ...live(6.5) },
    live(last),
  ])
    expect((await mia.send({ type: 'batch', frames: [frame] })).status).toBeLessThan(500);
  await mia.frames([live(10)]);
  const { coverage } = await mia.finalReport();
  expect(coverage!.duration_s).toBeLessThanOrEqual(10);
  expect(coverage!.observed_s).toBeLessThanOrEqual(coverage!.duration_s);
});

test('a student cannot answer, hand in or report in another student’s name', async () => {
  const [eve, ada] = [await exam.student('eve'), await exam.student('ada')];
  const of = (path: string, body: object) =>
    exam.server.ask('POST', `/api/v1/exams/${exam.examId}/${path}`, { ...body, student_id: 'ada' }, bearer(eve.token));
  const answers = [
    await of('answers', { question_id: 'q9', question_number: 9, answer: 'x' }),
    await of('submission', {}),
    await of('violations', { violation_type: 'TAB_SWITCH' }),
    await of('requests', { kind: 'help', text: 'x' }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  const { work } = await ada.report();
  expect(work?.questions ?? []).toEqual([]);
  expect(work?.handed_in_at ?? null).toBeNull();
});

test('a session token opens nothing of staff, and no path of the disk', async () => {
  const eve = await exam.student('eve');
  const token = bearer(eve.token);
  const get = async (path: string) => (await exam.server.ask('GET', path, undefined, token)).status;
  for (const path of [
    '/api/v1/students/ada/export',
    '/api/v1/students/..%2F..%2Fetc%2Fpasswd/export',
    `/api/v1/session/..%2F${eve.sessionId}/report`,
    `/api/v1/exams/${exam.examId}/links`,
    '/api/v1/alerts',
    '/api/v1/reports',
  ]) {
    expect([400, 401, 403, 404]).toContain(await get(path));
  }
});

test('violations of all types at once are one message a second, not one of each type', async () => {
  const teacher = await ExamClient.open(exam.server, exam.examId, await tokenOf('tina', 'TEACHER'));
  const zoe = await exam.student('zoe');
  clock.advance(5000);
  const startedAt = process.hrtime.bigint();
  const page_violations = violationTypes.map((type, at) => ({ type, timestamp: clock.now() - at }));
  await zoe.frames([lively(0, clock.now(), { page_violations })]);
  const told = new Set<string>();
  let messages = 0;
  while (told.size < violationTypes.length) {
    const { violation_type: first, more = [] } = await teacher.next('violation', ({ student_id: id }) => id === 'zoe');
    messages += 1;
    for (const type of [first, ...more.map((each: { violation_type: ViolationType }) => each.violation_type)])
      told.add(type);
  }
  const elapsedS = Number(process.hrtime.bigint() - startedAt) / 1e9;
  expect(messages).toBeLessThanOrEqual(1 + elapsedS);
  await teacher.close();
});
