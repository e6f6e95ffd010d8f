import { EventEmitter, once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NewExamSchema } from '@invigil/protocol/channels';
import { emptyContext } from '@invigil/protocol/report';
import type { Report } from '@invigil/protocol/report';
import * as v from 'valibot';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { testThreads } from '../../test/dump-threads.ts';
import { localBus } from '../../test/local-bus.ts';
import { openBudget } from '../../test/open-budget.ts';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { dumpFileName } from '../dump/frames-dump.ts';
import { endWork } from '../exams/end-work.ts';
import { ExamClosing } from '../exams/exam-closing.ts';
import { ExamEvents } from '../exams/exam-events.ts';
import { ExamWork } from '../exams/exam-work.ts';
import { Exams } from '../exams/exams.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';
import type { Session } from '../model/session.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamStudentRecords } from '../records/exam-student-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { SessionEnding } from './session-ending.ts';
import { SessionIntake } from './session-intake.ts';

const log = pino({ level: 'silent' });
const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };
const startMs = Date.UTC(2026, 0, 5, 9);
/** Longer than clocks may differ. */
const stepMs = 1000;

let nowMs = startMs;
const now = (): number => nowMs;
let folder: string;
let database: RecordsDatabase;
let records: SessionRecords;
let checkpoints: EmbeddedCheckpointStore;
let students: ExamStudentRecords;
let exams: Exams;
let examWork: ExamWork;
let sessions = 0;
beforeAll(async () => {
  folder = await makeFolder();
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new SessionRecords(database);
  students = new ExamStudentRecords(database);
  const events = new ExamEvents(localBus());
  const attendance = new AttendanceRecords(database);
  exams = new Exams({ exams: new ExamRecords(database), students, attendance, events, now });
  examWork = new ExamWork({
    exams,
    students,
    work: new ExamWorkRecords(database),
    events,
    budget: openBudget(),
    now,
    storeNow: now,
    onError: () => undefined,
    onWork: () => undefined,
  });
  checkpoints = new EmbeddedCheckpointStore({ file: join(folder, 'a.db'), retentionSeconds: 1200, log, now });
});
afterAll(async () => {
  examWork.close();
  await checkpoints.close();
  await database.close();
  await removeFolders();
});

/** Steps of an end. */
const phases = ['sealed', 'counted', 'retired'] as const;
type Phase = (typeof phases)[number];

/** `stop`: the student or a proctor ends the session. `exam`: a teacher completes the exam. `hand-in`: the student hands in elsewhere. */
const ways = ['stop', 'exam', 'hand-in'] as const;
type Way = (typeof ways)[number];

/** What reaches the server, in this order: batches of frames at one of two replicas, and the end. */
type Arrival =
  | { kind: 'batch'; replica: 0 | 1; seqs: number[]; after: Phase | null }
  | { kind: 'end'; replica: 0 | 1; way: Way };

const anyReplica = fc.constantFrom(0 as const, 1 as const);
const anyBatch: fc.Arbitrary<Arrival> = fc.record({
  kind: fc.constant('batch' as const),
  replica: anyReplica,
  seqs: fc.uniqueArray(fc.nat({ max: 12 }), { minLength: 1, maxLength: 4 }),
  // The message waits on its replica until an end has come this far.
  after: fc.constantFrom(null, ...phases),
});
const anyEnd: fc.Arbitrary<Arrival> = fc.record({
  kind: fc.constant('end' as const),
  replica: anyReplica,
  way: fc.constantFrom(...ways),
});
const anyArrivals = fc
  .tuple(fc.array(anyBatch, { maxLength: 5 }), anyEnd, fc.array(fc.oneof(anyBatch, anyEnd), { maxLength: 3 }))
  .map(([before, end, after]) => [...before, end, ...after]);

/** How far the first end of a session has come. */
class Progress {
  readonly #steps = new EventEmitter();
  #isSealed = false;

  reach(phase: Phase): void {
    // The state is read before the seal as well.
    this.#isSealed ||= phase === 'sealed';
    if (this.#isSealed) this.#steps.emit(phase);
  }

  async reached(phase: Phase): Promise<void> {
    await once(this.#steps, phase);
  }
}

/** The store, with a pause of the scheduler's choice before and after each step that matters here. */
const paced = (store: FrameStore, scheduler: fc.Scheduler, progress: Progress): FrameStore => {
  const pause = (): Promise<void> => scheduler.schedule(Promise.resolve());
  const slow =
    <Args extends unknown[], Result>(step: (...args: Args) => Promise<Result>, phase: Phase | null = null) =>
    async (...args: Args): Promise<Result> => {
      await pause();
      const result = await step(...args);
      if (phase !== null) progress.reach(phase);
      await pause();
      return result;
    };
  const steps = {
    append: slow((...args: Parameters<FrameStore['append']>) => store.append(...args)),
    seal: slow((...args: Parameters<FrameStore['seal']>) => store.seal(...args), 'sealed'),
    refuse: slow((...args: Parameters<FrameStore['refuse']>) => store.refuse(...args)),
    retire: slow((...args: Parameters<FrameStore['retire']>) => store.retire(...args), 'retired'),
    stateOf: slow((...args: Parameters<FrameStore['stateOf']>) => store.stateOf(...args), 'counted'),
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name in steps) return steps[name as keyof typeof steps];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
};

/** The parts of one replica that receive frames and end sessions. @param onEnd called when an end begins */
const replica = (frames: FrameStore, onEnd: () => void) => {
  const rulesOf = async (): Promise<typeof defaultRules> => defaultRules;
  const analysis = new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf: async () => startMs, log, now });
  const ending = new SessionEnding({
    records,
    ends: new SessionEndRecords(database),
    frames,
    analysis,
    rulesOf,
    contextOf: async (_session, stream) => ({ ...emptyContext, frames_refused: stream?.refused ?? 0 }),
    dumpDir: join(folder, 'dumps'),
    threads: testThreads(),
    sessionLifetimeSeconds: 36_000,
    isClockTrusted: async () => true,
    maxWaitForMessagesMs: 2000,
    log,
    now,
    claimNow: now,
    sign: async () => undefined,
    onEnded: async () => undefined,
  });
  const end = ending.end.bind(ending);
  ending.end = (...session) => {
    onEnd();
    return end(...session);
  };
  const extraTime = { sessionsPastTheirEnd: async () => [] };
  const closing = new ExamClosing({ exams, sessions: records, ending, extraTime, log });
  const intake = new SessionIntake({
    frames,
    records,
    analysis,
    metrics: createMetrics(),
    now,
    sharedNow: now,
    sharedClockErrorMs: () => 0,
    budget: openBudget(),
    onStored: async () => undefined,
    outages: new OutageLog(log, now),
    retryAfterMs: () => 1000,
    onPicture: () => null,
  });
  return { ending, closing, intake };
};

const endBy: Record<Way, (on: ReturnType<typeof replica>, session: Session) => Promise<void>> = {
  stop: ({ ending }, session) => ending.end(session, 'tina'),
  async exam({ closing }, { examId }) {
    // Another arrival may have completed it.
    await exams.step(examId!, 'complete', 'tina').catch(() => undefined);
    closing.look();
    await closing.close();
  },
  'hand-in': ({ ending }, { examId, memberId }) =>
    endWork({ work: examWork, sessions: records, ending }, examId!, memberId!),
};

/** A student's running session of an exam in progress. */
const startSession = async (): Promise<Session> => {
  const [examId, sessionId] = [`exam-${(sessions += 1)}`, `ends-${sessions}`];
  await exams.create(v.parse(NewExamSchema, { exam_id: examId }), 'tina');
  await exams.step(examId, 'open', 'tina');
  await exams.step(examId, 'start', 'tina');
  const startedAt = new Date(startMs).toISOString();
  await students.enrol(examId, [{ id: 'ada', name: null }], startedAt);
  await records.create({ sessionId, examId, memberId: 'ada', startedAt, actor: 'ada' });
  return (await records.find(sessionId))!;
};

const batchOf = (seqs: readonly number[]): string =>
  JSON.stringify({
    type: 'batch',
    frames: seqs.map((seq) => ({ seq, timestamp: startMs + seq * 200, no_of_face: 1 })),
  });

const allAccountedFor = (stores: () => readonly [FrameStore, FrameStore]): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.scheduler(), anyArrivals, async (scheduler, arrivals) => {
      const session = await startSession();
      const { sessionId } = session;
      const progress = new Progress();
      const acknowledged = new Set<number>();
      const before = new Set<number>();
      let hasEnded = false;
      const onEnd = (): void => {
        nowMs += stepMs;
        hasEnded = true;
      };
      const replicas = stores().map((store) => replica(paced(store, scheduler, progress), onEnd));
      const work = arrivals.map(async (arrival) => {
        nowMs += stepMs;
        const arrivedMs = nowMs;
        const on = replicas[arrival.replica]!;
        if (arrival.kind === 'end') return endBy[arrival.way](on, session);
        if (!hasEnded) arrival.seqs.forEach((seq) => before.add(seq));
        if (arrival.after !== null) await progress.reached(arrival.after);
        const { answers } = await on.intake.takeText(sessionId, batchOf(arrival.seqs), {
          waitedMs: nowMs - arrivedMs,
        });
        if (answers.some(({ type }) => type === 'ack')) arrival.seqs.forEach((seq) => acknowledged.add(seq));
      });
      await scheduler.waitFor(Promise.all(work));
      const dump = JSON.parse(readFileSync(join(folder, 'dumps', dumpFileName(sessionId)), 'utf8')) as {
        frames: { seq: number }[];
      };
      const kept = new Set(dump.frames.map(({ seq }) => seq));
      const report = JSON.parse((await new AnalysisRecords(database).kept(sessionId))!.report) as Report;
      const reported = report.integrity.received_too_late ?? 0;
      expect([...acknowledged].filter((seq) => !kept.has(seq))).toEqual([]);
      // What the report does not count yet is in the records, from which the next version of the report counts it.
      expect(Math.max(reported, (await records.noted(sessionId)).framesRefused)).toBe(
        [...before].filter((seq) => !kept.has(seq)).length,
      );
    }),
    { numRuns: 15 },
  );

describe('a frame that arrives before the end, however the session ends, is in the dump or counted as lost', () => {
  test('in Redis', async () => {
    const redis = await startRedis();
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    const open = () => new RedisFrameStore({ client, ...lifetimes });
    try {
      const both = [open(), open()] as const;
      await expect(allAccountedFor(() => both)).resolves.toBeUndefined();
    } finally {
      await client.close();
      await redis.stop();
    }
  });

  test('in SQLite', async () => {
    const store = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...lifetimes });
    await expect(allAccountedFor(() => [store, store])).resolves.toBeUndefined();
    await store.close();
  });
});
