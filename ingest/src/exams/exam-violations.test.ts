import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExamTeacherEvent, ViolationType } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamViolations } from './exam-violations.ts';

const startedMs = Date.UTC(2026, 0, 5, 9);

/** Counts the writes; otherwise the real records. */
class CountedRecords extends ExamWorkRecords {
  writes = 0;

  override saveViolations(...asked: Parameters<ExamWorkRecords['saveViolations']>): Promise<number> {
    this.writes += 1;
    return super.saveViolations(...asked);
  }
}

let folder: string;
let database: RecordsDatabase;
let work: CountedRecords;
let bus: Bus;
let violations: ExamViolations;
let events: ExamTeacherEvent[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-violations-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  work = new CountedRecords(database);
  bus = localBus();
  events = [];
  bus.subscribe(topics.examTeachers, ['physics'], (event) => events.push(event));
  const sessions = new SessionRecords(database);
  await sessions.create({
    sessionId: 's1',
    examId: 'physics',
    memberId: 'ada',
    startedAt: new Date(startedMs).toISOString(),
    actor: 'tina',
  });
  violations = new ExamViolations({
    work,
    sessions,
    events: new ExamEvents(bus),
    now: () => startedMs + 3_600_000,
    onError: (error) => expect.fail(String(error)),
  });
});
afterEach(async () => {
  await violations.close();
  await bus.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const frame = (seq: number, seen: readonly (readonly [ViolationType, number])[]): StoredFrame =>
  ({
    frame_id: String(seq),
    seq,
    timestamp: startedMs,
    received_at: startedMs + 3_600_000,
    page_violations: seen.map(([type, timestamp]) => ({ type, timestamp })),
  }) as StoredFrame;

test('writes each type once for a batch of frames, however many violations it holds', async () => {
  const frames = Array.from({ length: 100 }, (_, seq) =>
    frame(
      seq,
      Array.from({ length: 50 }, (__, index) => ['TAB_SWITCH', startedMs + (seq * 50 + index) * 500] as const),
    ),
  );
  violations.stored('s1', [...frames, frame(100, [['COPY_ATTEMPT', startedMs]])]);
  await violations.close();
  expect(work.writes).toBe(2);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([
    { type: 'COPY_ATTEMPT', violations: 1 },
    { type: 'TAB_SWITCH', violations: 2500 },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['violation', 'violation']);
});

test('gathers what arrives while it writes', async () => {
  for (let seq = 0; seq < 50; seq++) violations.stored('s1', [frame(seq, [['TAB_SWITCH', startedMs + seq * 1000]])]);
  await violations.close();
  expect(work.writes).toBe(2);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 50 }]);
});

test('violations that a page states long before its session are one', async () => {
  const days = 30 * 86_400_000;
  const seen = Array.from({ length: 50 }, (_, index) => ['DEV_TOOLS', startedMs - days + index * 1000] as const);
  violations.stored('s1', [frame(0, seen)]);
  await violations.close();
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 1 }]);
});

test('violations of a session without an exam are ignored', async () => {
  violations.stored('unknown', [frame(0, [['TAB_SWITCH', startedMs]])]);
  await violations.close();
  expect(work.writes).toBe(0);
});
