import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExamTeacherEvent, ViolationType } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { budgetTable } from '../budget/budget-table.ts';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamViolations } from './exam-violations.ts';

const startedMs = Date.UTC(2026, 0, 5, 9);

/** The real records, counting the writes. */
class CountedRecords extends ExamWorkRecords {
  writes = 0;
  fails = false;

  override async saveViolations(
    ...asked: Parameters<ExamWorkRecords['saveViolations']>
  ): ReturnType<ExamWorkRecords['saveViolations']> {
    if (this.fails) throw new Error('no disk');
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
let refused: [string, number][];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-violations-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  work = new CountedRecords(database);
  bus = localBus();
  events = [];
  refused = [];
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
    budget: { refused: (limit, count) => refused.push([limit, count ?? 1]) },
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

test('writes each type once for a batch of frames, regardless of how many violations it holds', async () => {
  const frames = Array.from({ length: 100 }, (_, seq) =>
    frame(
      seq,
      Array.from({ length: 50 }, (__, index) => ['TAB_SWITCH', startedMs + (seq * 50 + index) * 500] as const),
    ),
  );
  await violations.stored('s1', [...frames, frame(100, [['COPY_ATTEMPT', startedMs]])]);
  expect(work.writes).toBe(2);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([
    { type: 'COPY_ATTEMPT', violations: 1 },
    { type: 'TAB_SWITCH', violations: 2500 },
  ]);
  expect(events.map(({ type }) => type)).toEqual(['violation', 'violation']);
});

test('gathers what arrives while it writes', async () => {
  const stored = Array.from({ length: 50 }, (_, seq) =>
    violations.stored('s1', [frame(seq, [['TAB_SWITCH', startedMs + seq * 1000]])]),
  );
  await Promise.all(stored);
  expect(work.writes).toBe(2);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 50 }]);
});

test('rejects violations that could not be written, and accepts them when repeated', async () => {
  const frames = [frame(0, [['TAB_SWITCH', startedMs]])];
  work.fails = true;
  await expect(violations.stored('s1', frames)).rejects.toThrow('no disk');
  work.fails = false;
  await violations.stored('s1', frames);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 1 }]);
});

test('violations that a page states long before its session are one', async () => {
  const days = 30 * 86_400_000;
  const seen = Array.from({ length: 50 }, (_, index) => ['DEV_TOOLS', startedMs - days + index * 1000] as const);
  await violations.stored('s1', [frame(0, seen)]);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 1 }]);
});

test('records up to the limit per student, and counts the rest', async () => {
  const { limit } = budgetTable.violations;
  const seen = Array.from({ length: limit + 3 }, (_, index) => ['TAB_SWITCH', startedMs + index * 1000] as const);
  await violations.stored('s1', [{ ...frame(0, seen), received_at: startedMs + 2 * limit * 1000 }]);
  expect(await violations.record('physics', 'ada', 'DEV_TOOLS', startedMs, startedMs)).toEqual({
    recorded: false,
    totalCount: limit,
  });
  expect(refused).toEqual([
    ['violations', 3],
    ['violations', 1],
  ]);
});

test('violations of a session without an exam are ignored', async () => {
  await violations.stored('unknown', [frame(0, [['TAB_SWITCH', startedMs]])]);
  expect(work.writes).toBe(0);
});
