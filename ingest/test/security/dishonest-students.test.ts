import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { Report } from '@invigil/protocol/report';
import { removeFolders } from '@invigil/testkit/server/ingest-server';
import { ExamFixture, fakeClock, kept, lively, phone, stretch } from './exam-fixture.ts';
import type { Clock, Student } from './exam-fixture.ts';
import { waitFor, waitUntil } from '@invigil/testkit/timers/waits';

const numRuns = 6;

let clock: Clock;
let exam: ExamFixture;
let students = 0;

beforeAll(async () => {
  clock = fakeClock();
  exam = await ExamFixture.open({ breaks: false });
}, 60_000);
afterAll(async () => {
  await exam.server.close();
  vi.restoreAllMocks();
  await removeFolders();
});

interface Evidence {
  student: Student;
  /** Start and end of the period with the phone. */
  fromMs: number;
  toMs: number;
  nextSeq: number;
  before: Report;
}

/** Forty live seconds, ten of them with a visible phone. A `step` above 1 leaves sequence numbers unused for later. */
const caught = async (step = 1): Promise<Evidence> => {
  const student = await exam.student(`student-${students++}`);
  let seq = 0;
  let fromMs = 0;
  for (let part = 0; part < 4; part += 1) {
    const startMs = clock.now();
    if (part === 1) fromMs = startMs;
    const frames = Array.from({ length: 50 }, (_, at) =>
      lively((seq += step), startMs + at * 200, part === 1 ? phone : {}),
    );
    await student.frames(frames);
    clock.advance(10_000);
  }
  const before = await waitUntil(async () => {
    const answer = await exam.server.ask('GET', `/api/v1/session/${student.sessionId}/report`, undefined, exam.teacher);
    return answer.status === 200 ? (answer.json as Report) : null;
  });
  expect(before.observations.map(({ type }) => type)).toEqual(['phone_visible']);
  return { student, fromMs, toMs: fromMs + 10_000, nextSeq: seq + 1, before };
};

/** Each observation is still there and at least as long, and no more time counts as observed than has passed. */
const demandKept = (before: Report, after: Report): void => {
  for (const observation of kept(before).observations) {
    const now = after.observations.find(({ id }) => id === observation.id);
    expect(now, `${observation.id} is gone`).toMatchObject({ type: observation.type, from_ms: observation.from_ms });
    expect(now!.to_ms).toBeGreaterThanOrEqual(observation.to_ms);
  }
  expect(after.coverage!.live_s).toBeGreaterThanOrEqual(before.coverage!.live_s!);
  const elapsedS = (clock.now() - Date.parse(after.session.started_at)) / 1000;
  expect(after.coverage!.duration_s).toBeLessThanOrEqual(elapsedS);
  expect(after.coverage!.observed_s).toBeLessThanOrEqual(after.coverage!.duration_s);
  expect(after.alerts!.map(({ type }) => type)).toContain('phone_visible');
};

const seconds = (max: number) => fc.integer({ min: 1, max });

/** Sends a message that the server may accept or refuse. */
const tries = async (student: Student, message: object): Promise<void> => {
  const { status } = await student.send(message);
  expect([200, 400, 429]).toContain(status);
};

describe('a student who was seen with a phone cannot clean the report', () => {
  test('with calm frames of the same time under new numbers, however dense', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 20, max: 250 }), fc.nat(199), seconds(60), async (count, shift, waitS) => {
        const { student, fromMs, toMs, nextSeq, before } = await caught();
        clock.advance(waitS * 1000);
        const every = (toMs - fromMs) / count;
        const calm = Array.from({ length: count }, (_, at) => lively(nextSeq + at, fromMs + shift + at * every));
        await tries(student, { type: 'batch', frames: calm });
        const report = await student.finalReport();
        demandKept(before, report);
        expect(report.risk.sum_of_points).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  });

  test('with numbers that were left unused and are filled later', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 4 }), seconds(60), async (step, waitS) => {
        const { student, fromMs, before } = await caught(step);
        clock.advance(waitS * 1000);
        const first = 50 * step;
        const calm = Array.from({ length: 50 }, (_, at) => lively(first + at * step + 1, fromMs + at * 200 + 50));
        await tries(student, { type: 'batch', frames: calm });
        const report = await student.finalReport();
        demandKept(before, report);
        expect(report.risk.sum_of_points).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  });

  test('with frames from other times, or the same frames with other content', { timeout: 120_000 }, async () => {
    const hostile = fc.array(
      fc.record({
        offsetMs: fc.oneof(fc.integer({ min: -1e10, max: 1e10 }), fc.integer({ min: -60_000, max: 60_000 })),
        seq: fc.oneof(fc.integer({ min: 0, max: 260 }), fc.integer({ min: 200, max: 1_000_000 })),
        every: fc.integer({ min: -300, max: 300 }),
        count: fc.integer({ min: 1, max: 40 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (messages) => {
        const { student, before } = await caught();
        for (const { offsetMs, seq, every, count } of messages) {
          const fromMs = Math.max(0, clock.now() + offsetMs);
          const at = (index: number): number => Math.max(0, fromMs + index * every);
          const frames = Array.from({ length: count }, (_, index) => lively(seq + index, at(index)));
          await tries(student, { type: 'batch', frames });
          clock.advance(1000);
        }
        const report = await student.finalReport();
        demandKept(before, report);
        expect(report.risk.sum_of_points).toBeGreaterThan(0);
      }),
      { numRuns },
    );
  });

  test('with statements of losses, before or after the frames', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(400), fc.nat(400), async (from, length) => {
        const { student, before } = await caught();
        const ranges = [{ reason: 'engine_stalled', seqs: [from, from + length] }];
        await tries(student, { type: 'losses', counts: {}, ranges });
        await tries(student, { type: 'losses', counts: { storage_failed: 1.7e308 } });
        const report = await student.finalReport();
        demandKept(before, report);
        expect(Number.isSafeInteger(report.integrity.frames_lost)).toBe(true);
      }),
      { numRuns },
    );
  });

  test('by ending the session while frames are on their way', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), async (endsFirst) => {
        const { student, nextSeq, before } = await caught();
        const now = clock.now();
        const send = () => student.send({ type: 'batch', frames: stretch(nextSeq, now, 50, phone) });
        await Promise.all(endsFirst ? [student.end(), send()] : [send(), student.end()]);
        const report = await student.report();
        demandKept(before, report);
        expect(report.integrity.frames).toBe(report.integrity.chained?.frames);
      }),
      { numRuns },
    );
  });

  test('by claiming a break: what a frame shows counts, and a break that is not allowed is a gap', async () => {
    const { student, nextSeq, before } = await caught();
    const startMs = clock.now();
    await student.frames(stretch(nextSeq, startMs, 50, { not_observed: 'paused' }));
    clock.advance(10_000);
    const report = await student.finalReport();
    demandKept(before, report);
    expect(report.coverage?.not_observed_s).toMatchObject({ paused_not_allowed: expect.closeTo(10, 0) });
    expect(report.coverage?.not_observed_s.paused).toBeUndefined();
  });

  test('by ending the session, and starting another when the phone is gone', async () => {
    const { student, before } = await caught();
    await student.end();
    clock.advance(120_000);
    const again = await student.restart();
    await again.frames(stretch(0, clock.now(), 50));
    clock.advance(10_000);
    expect((await again.finalReport()).other_sessions).toMatchObject([{ session_id: student.sessionId }]);
    const report = await student.report();
    demandKept(before, report);
    // The time between the two sessions was not observed.
    expect(report.coverage?.not_observed_s.no_frames).toBeGreaterThanOrEqual(120);
  });

  test('with a second client that sends calm frames without numbers between those of the engine', async () => {
    const { student, nextSeq, before } = await caught();
    for (let at = 0; at < 50; at += 1) {
      const now = clock.now();
      await student.frames([lively(nextSeq + at, now, phone)]);
      clock.advance(100);
      await student.send({ extracted_features: { no_of_face: 1, phone_present: 0 } });
      clock.advance(100);
    }
    const report = await student.finalReport();
    demandKept(before, report);
    const added = report.observations.filter(
      ({ type, from_ms }) => type === 'phone_visible' && from_ms > before.coverage!.to_ms - 1000,
    );
    expect(added.map(({ duration_s: duration }) => Math.round(duration))).toEqual([10]);
    expect(report.integrity.out_of_order).toBeGreaterThanOrEqual(50);
  });
});

describe('readings that no living person produces are stated, without points', () => {
  const still = (seq: number, timestamp: number, jitter: number): FeatureFrame => {
    const off = (seq * 7919) % 2 === 0 ? jitter : 0;
    const face = { face_x: 320 + off, face_y: 240, face_w: 200, face_h: 220, head_yaw: 0.1 + off / 100 };
    return lively(seq, timestamp, { ...face, head_pitch: 0.1, head_roll: 0 });
  };

  test.each([
    ['constant', 0, (integrity: Report['integrity']) => integrity.constant_readings_s],
    [
      'constant but for the last digit',
      0.001,
      (integrity: Report['integrity']) => integrity.nearly_constant_readings_s,
    ],
  ])('%s', async (_name, jitter, statedOf) => {
    const student = await exam.student(`still-${students++}`);
    for (let part = 0; part < 4; part += 1) {
      const now = clock.now();
      await student.frames(Array.from({ length: 50 }, (_, at) => still(part * 50 + at, now + at * 200, jitter)));
      clock.advance(10_000);
    }
    const report = await student.finalReport();
    expect(statedOf(report.integrity)).toBeGreaterThan(35);
    expect(report.risk.sum_of_points).toBe(0);
  });

  test('a loop with a jitter in the last digit', async () => {
    const student = await exam.student(`loop-${students++}`);
    for (let part = 0; part < 6; part += 1) {
      const now = clock.now();
      const frames = Array.from({ length: 50 }, (_, at) => {
        const frame = lively(at, now + at * 200);
        return { ...frame, seq: part * 50 + at, face_x: frame.face_x! + ((part * 31 + at) % 3) * 0.001 };
      });
      await student.frames(frames);
      clock.advance(10_000);
    }
    expect((await student.finalReport()).integrity.nearly_constant_readings_s).toBeGreaterThan(30);
  });

  test('a recording of two minutes that repeats', async () => {
    const student = await exam.student(`replay-${students++}`);
    for (let part = 0; part < 12; part += 1) {
      const now = clock.now();
      const frames = Array.from({ length: 100 }, (_, at) => ({
        ...lively((part % 6) * 100 + at, now + at * 200),
        seq: part * 100 + at,
      }));
      await student.frames(frames);
      clock.advance(20_000);
    }
    const report = await student.finalReport();
    expect(report.integrity.repeated_readings_s).toBeGreaterThan(100);
    expect(report.risk.sum_of_points).toBe(0);
  });

  test('faces that are claimed without any position', async () => {
    const student = await exam.student(`hollow-${students++}`);
    for (let part = 0; part < 4; part += 1) {
      const now = clock.now();
      const calm = { no_of_face: 1, phone_present: 0, hand_count: 0, head_pose: 'forward', gaze_direction: 'center' };
      await student.frames(
        Array.from({ length: 50 }, (_, at) => ({ seq: part * 50 + at, timestamp: now + at * 200, ...calm })),
      );
      clock.advance(10_000);
    }
    const report = await student.finalReport();
    expect(report.integrity.constant_readings_s).toBeGreaterThan(35);
    expect(report.rules.find(({ type }) => type === 'head_turned')).toMatchObject({ watched_s: 0 });
    expect(report.risk.sum_of_points).toBe(0);
  });

  test('a living person’s are not', async () => {
    const student = await exam.student(`alive-${students++}`);
    await student.frames(stretch(0, clock.now(), 100));
    clock.advance(20_000);
    const { integrity } = await student.finalReport();
    expect(integrity).toMatchObject({
      constant_readings_s: 0,
      repeated_readings_s: 0,
      nearly_constant_readings_s: 0,
    });
  });
});

test('an answer that is given again while observed does not undo the alert of the first', async () => {
  const student = await exam.student(`again-${students++}`);
  await student.frames(stretch(0, clock.now(), 50));
  clock.advance(70_000);
  await student.answer(1, 'found with help');
  await waitFor(async () => expect(await exam.alerts(student.sessionId)).toContain('answered_unobserved'), 10_000);
  await student.frames(stretch(50, clock.now(), 50));
  clock.advance(10_000);
  await student.answer(1, 'found with help');
  const report = await student.finalReport();
  expect(report.alerts!.map(({ type }) => type)).toContain('answered_unobserved');
  expect(report.work!.questions).toMatchObject([{ observed: false }]);
});
