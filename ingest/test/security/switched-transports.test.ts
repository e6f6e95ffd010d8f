import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { bearer, tokenOf } from '@invigil/testkit/tokens/tokens';
import { SessionClient } from '../session-client.ts';
import { ExamFixture, fakeClock, kept, lively, phone, stretch } from './exam-fixture.ts';
import type { Clock, Student } from './exam-fixture.ts';

const burst = 600;
let clock: Clock;
let exam: ExamFixture;
let students = 0;
beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open({}, { environment: { MAX_FRAMES_PER_SECOND: '10', MAX_FRAME_BURST: String(burst) } });
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

const socketOf = ({ sessionId }: Student, token: string) =>
  new SessionClient(exam.server, sessionId, `?token=${token}`).opened();

/** Twenty live seconds over HTTP, ten of them with a phone. */
const caught = async () => {
  const student = await exam.student(`switching-${students++}`);
  await student.frames(stretch(0, clock.now(), 50));
  clock.advance(10_000);
  await student.frames(stretch(50, clock.now(), 50, phone));
  clock.advance(10_000);
  await student.frames(stretch(100, clock.now(), 1));
  const before = await student.report();
  expect(before.observations.map(({ type }) => type)).toEqual(['phone_visible']);
  clock.advance(2000);
  return { student, before };
};

/** Observations that the final report lacks, or shows shortened. */
const removedFrom = async (student: Student, before: Report): Promise<string[]> => {
  const after = await student.finalReport();
  expect(after.coverage!.observed_s).toBeLessThanOrEqual(after.coverage!.duration_s);
  const isKept = ({ id, from_ms, to_ms }: { id: string; from_ms: number; to_ms: number }): boolean =>
    after.observations.some((now) => now.id === id && now.from_ms === from_ms && now.to_ms >= to_ms);
  return kept(before)
    .observations.filter((observation) => !isKept(observation))
    .map(({ id }) => id);
};

test('calm frames over the other transport, for the time of the phone, remove nothing', async () => {
  const { student, before } = await caught();
  const phoneMs = clock.now() - 12_000;
  const socket = await socketOf(student, student.token);
  socket.send({ type: 'hello', client_time_ms: phoneMs });
  await socket.next('welcome');
  socket.send({ type: 'batch', frames: stretch(200, phoneMs, 50), chain: null });
  await socket.next('ack');
  // The same over HTTP, and without numbers over both.
  await student.send({ type: 'batch', frames: stretch(300, phoneMs + 50, 50) });
  socket.send({ session_id: student.sessionId, ...lively(0, phoneMs) });
  await student.send({ session_id: student.sessionId, ...lively(0, phoneMs) });
  await socket.settled();
  socket.close();
  expect(await removedFrom(student, before)).toEqual([]);
});

test('a client clock that lies in its hello changes nothing', async () => {
  const { student, before } = await caught();
  for (const client_time_ms of [0, clock.now() - 86_400_000, clock.now() + 86_400_000]) {
    const { json } = await student.send({ type: 'hello', client_time_ms });
    expect(json.messages[0]).toMatchObject({ type: 'welcome', server_time_ms: clock.now() });
    await student.send({ type: 'batch', frames: stretch(400 + students, clock.now() - 12_000, 5) });
  }
  expect(await removedFrom(student, before)).toEqual([]);
});

test('a second token, the student’s or the teacher’s, is the same session with the same evidence', async () => {
  const { student, before } = await caught();
  const again = await student.restart();
  const body = { exam_id: exam.examId, member_id: `switching-${students - 1}` };
  const { json: forTeacher } = await exam.server.ask('POST', '/api/v1/session/start', body, exam.teacher);
  expect([again.sessionId, forTeacher.session_id]).toEqual([student.sessionId, student.sessionId]);
  for (const token of [again.token, forTeacher.token]) {
    const socket = await socketOf(student, token);
    socket.send({ type: 'batch', frames: stretch(500, clock.now() - 12_000, 50), chain: null });
    await socket.next('ack');
    socket.close();
  }
  expect(await removedFrom(student, before)).toEqual([]);
});

test('frames of one transport and token count in the budget of the others', async () => {
  const student = await exam.student('spender');
  const again = await student.restart();
  await student.frames(stretch(0, clock.now(), burst / 2));
  await again.frames(stretch(burst / 2, clock.now(), burst / 2));
  const socket = await socketOf(student, again.token);
  socket.send({ type: 'batch', frames: stretch(burst, clock.now(), 100), chain: null });
  expect(await socket.next('error')).toMatchObject({ code: 'RATE_EXCEEDED' });
  socket.close();
});

test('a student’s token of another session is refused, and a frame that names another session too', async () => {
  const [ada, bob] = [await exam.student('ada'), await exam.student('bob')];
  const foreign = await exam.server.ask(
    'POST',
    '/api/v1/session/ws/fallback',
    { session_id: bob.sessionId, type: 'batch', frames: stretch(0, clock.now(), 5) },
    bearer(ada.token),
  );
  expect(foreign.status).toBe(403);
  const socket = await socketOf(bob, bob.token);
  socket.send({ session_id: ada.sessionId, ...lively(0, clock.now()) });
  expect(await socket.next('error')).toMatchObject({ code: 'INVALID_MESSAGE', field: 'session_id' });
  socket.close();
});

test('readings of an earlier session, replayed with their times or with new ones, stand out', async () => {
  const first = await exam.student('replayer');
  const recorded = stretch(0, clock.now(), 50);
  await first.frames(recorded);
  clock.advance(10_000);
  await first.end();
  clock.advance(60_000);
  const second = await first.restart();
  expect(second.sessionId).not.toBe(first.sessionId);
  await second.frames(recorded);
  for (let loop = 0; loop < 3; loop += 1) {
    const startMs = clock.now();
    await second.frames(
      recorded.map((frame, at) => ({ ...frame, seq: 1000 + loop * 50 + at, timestamp: startMs + at * 200 })),
    );
    clock.advance(10_000);
  }
  const report = await second.finalReport();
  expect(report.integrity.outside_session).toBe(50);
  // The first replay looks alive; each further one repeats it.
  expect(report.integrity.repeated_readings_s).toBeGreaterThan(15);
  expect(report.risk.sum_of_points).toBe(0);
  expect(report.other_sessions!.map(({ session_id }) => session_id)).toEqual([first.sessionId]);
});

test('a second end changes neither the report nor its receipts', async () => {
  const { student } = await caught();
  await student.end();
  const versions = async () =>
    (await exam.server.ask('GET', `/api/v1/session/${student.sessionId}/reports`, undefined, exam.teacher)).text;
  const [report, list] = [(await student.reportAnswer()).text, await versions()];
  clock.advance(5000);
  await student.end();
  await Promise.all([student.end(), student.end()]);
  const late = await student.send({ type: 'batch', frames: stretch(600, clock.now(), 5) });
  expect(late.json.messages.at(-1)).toMatchObject({ type: 'session_ended' });
  expect((await student.reportAnswer()).text).toBe(report);
  expect(await versions()).toBe(list);
});

test('another student’s token does not open the session', async () => {
  const stranger = await tokenOf('stranger', 'STUDENT', '40d');
  const { student } = await caught();
  const client = new SessionClient(exam.server, student.sessionId, `?token=${stranger}`);
  expect(await client.next('error')).toMatchObject({ code: 'ACCESS_DENIED' });
});
