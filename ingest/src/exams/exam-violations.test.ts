import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExamTeacherEvent, ViolationType } from '@invigil/protocol/channels';
import type { StoredFrame } from '@invigil/protocol/frame';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { budgetTable } from '../budget/budget-table.ts';
import { localBus } from '../../test/local-bus.ts';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { recordsUnavailable } from '../model/ingest-error.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import { ExamEvents } from './exam-events.ts';
import { ExamViolations } from './exam-violations.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

const startedMs = Date.UTC(2026, 0, 5, 9);

/** The real records, counting the writes. */
class CountedRecords extends ExamWorkRecords {
  writes = 0;
  fails = false;
  waitFor: Promise<void> = Promise.resolve();

  override async saveViolations(
    ...asked: Parameters<ExamWorkRecords['saveViolations']>
  ): ReturnType<ExamWorkRecords['saveViolations']> {
    if (this.fails) throw recordsUnavailable(new Error('no disk'));
    await this.waitFor;
    this.writes += 1;
    return super.saveViolations(...asked);
  }
}

let folder: string;
let database: RecordsDatabase;
let work: CountedRecords;
let sessions: SessionRecords;
let bus: Bus;
let violations: ExamViolations;
let events: ExamTeacherEvent[];
let refused: [string, number][];
/** The clock that all replicas share. */
let storeMs: number;
beforeEach(async () => {
  storeMs = startedMs + 3_600_000;
  folder = await mkdtemp(join(tmpdir(), 'invigil-violations-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  work = new CountedRecords(database);
  bus = localBus();
  events = [];
  refused = [];
  bus.subscribe(topics.examTeachers, ['physics'], (event) => events.push(event));
  sessions = new SessionRecords(database);
  await sessions.create({
    sessionId: 's1',
    examId: 'physics',
    memberId: 'ada',
    startedAt: new Date(startedMs).toISOString(),
    actor: 'tina',
  });
  violations = open();
});
afterEach(async () => {
  await violations.close();
  await bus.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

const open = (): ExamViolations =>
  new ExamViolations({
    work,
    sessions,
    events: new ExamEvents(bus),
    budget: { refused: (limit, count) => refused.push([limit, count ?? 1]) },
    storeNow: () => storeMs,
    log: pino({ level: 'silent' }),
    onError: (error) => expect.fail(String(error)),
  });

const frame = (seq: number, seen: readonly (readonly [ViolationType, number])[]): StoredFrame =>
  ({
    frame_id: String(seq),
    seq,
    timestamp: startedMs,
    received_at: startedMs + 3_600_000,
    page_violations: seen.map(([type, timestamp]) => ({ type, timestamp })),
  }) as StoredFrame;

const recorded = async () => {
  const rows = await database.run((db) => db.selectFrom('exam_violations').selectAll().orderBy('at').execute());
  return rows.map(({ violation_type: type, at }) => [type, Date.parse(at) - startedMs]);
};

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
  expect(events).toMatchObject([{ violation_type: 'TAB_SWITCH', total_count: 2500 }]);
});

test('a violation that is published sooner after its arrival than the one before is told with its own count', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    await violations.record('physics', 'ada', 'COPY_ATTEMPT', startedMs);
    storeMs += 900;
    await violations.record('physics', 'ada', 'COPY_ATTEMPT', startedMs + 1000);
    await vi.advanceTimersByTimeAsync(1000);
    await waitFor(() => expect(events).toMatchObject([{ total_count: 1 }, { total_count: 2 }]));
  } finally {
    vi.useRealTimers();
  }
});

test('several types within a second are one message, with the newest first', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const types = ['TAB_SWITCH', 'COPY_ATTEMPT', 'PASTE_ATTEMPT', 'DEV_TOOLS'] as const;
    await violations.stored('s1', [
      frame(
        0,
        types.map((type, at) => [type, startedMs + at] as const),
      ),
    ]);
    expect(events).toMatchObject([{ violation_type: 'TAB_SWITCH' }]);
    await vi.advanceTimersByTimeAsync(1000);
    await waitFor(() => expect(events).toHaveLength(2));
    expect(events[1]).toEqual({
      type: 'violation',
      student_id: 'ada',
      violation_type: 'DEV_TOOLS',
      timestamp: new Date(startedMs + 3).toISOString(),
      more: [
        { violation_type: 'PASTE_ATTEMPT', timestamp: new Date(startedMs + 2).toISOString() },
        { violation_type: 'COPY_ATTEMPT', timestamp: new Date(startedMs + 1).toISOString() },
      ],
      total_count: 4,
    });
  } finally {
    vi.useRealTimers();
  }
});

describe('a violation that a page reports both ways', () => {
  const requestMs = startedMs + 60_000;
  const inFrame = (seq: number, atMs: number) => violations.stored('s1', [frame(seq, [['TAB_SWITCH', atMs]])]);
  const byRequest = async (atMs: number) => (await violations.record('physics', 'ada', 'TAB_SWITCH', atMs)).recorded;

  test.each([0, 999, 1500, 3000])('counts once if the request arrives %i ms later', async (laterMs) => {
    await inFrame(0, requestMs - laterMs);
    expect(await byRequest(requestMs)).toBe(false);
    expect(await recorded()).toHaveLength(1);
  });

  test('counts once if the request comes first, and also when its frames are read again at the end', async () => {
    expect(await byRequest(requestMs)).toBe(true);
    await inFrame(0, requestMs - 2000);
    await inFrame(0, requestMs - 2000);
    const observer = violations.atEnd((await sessions.find('s1'))!);
    observer.onFrames([frame(0, [['TAB_SWITCH', requestMs - 2000]])]);
    await observer.onRead();
    expect(await recorded()).toEqual([['TAB_SWITCH', 60_000]]);
  });

  test('has one counterpart: another one within the time is a second violation', async () => {
    await inFrame(0, requestMs - 2500);
    expect(await byRequest(requestMs)).toBe(false);
    expect(await byRequest(requestMs - 4000)).toBe(true);
    await inFrame(1, requestMs - 1400);
    expect(await recorded()).toHaveLength(2);
  });

  test('two are two if they are further apart, or were reported the same way', async () => {
    await inFrame(0, requestMs - 3001);
    expect(await byRequest(requestMs)).toBe(true);
    expect(await byRequest(requestMs + 1500)).toBe(true);
    expect(await recorded()).toHaveLength(3);
  });
});

test('gathers what arrives while it writes', async () => {
  const stored = Array.from({ length: 50 }, (_, seq) =>
    violations.stored('s1', [frame(seq, [['TAB_SWITCH', startedMs + seq * 1000]])]),
  );
  await Promise.all(stored);
  // The first alone, or with others that came before its session was found.
  expect(work.writes).toBeLessThanOrEqual(2);
  expect(await work.violationCounts('physics', 'ada')).toMatchObject([{ violations: 50 }]);
});

test('an outage of the records holds up no frames; each violation is recorded once afterwards', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const [first, second] = [frame(0, [['TAB_SWITCH', startedMs]]), frame(1, [['TAB_SWITCH', startedMs + 5000]])];
  try {
    // A new instance, whose timer is fake.
    await violations.close();
    violations = open();
    work.fails = true;
    await violations.stored('s1', [first]);
    await violations.stored('s1', [second, first]);
    vi.advanceTimersByTime(5000);
    expect(await recorded()).toEqual([]);
    work.fails = false;
    // Newer violations are recorded before the pending ones.
    await violations.record('physics', 'ada', 'TAB_SWITCH', startedMs + 9000);
    await waitFor(async () => {
      vi.advanceTimersByTime(5000);
      expect(await recorded()).toHaveLength(3);
    });
    await violations.stored('s1', [first, second]);
    const session = (await sessions.find('s1'))!;
    const observer = violations.atEnd(session);
    observer.onFrames([first, second]);
    await observer.onRead();
    expect(await recorded()).toEqual([
      ['TAB_SWITCH', 0],
      ['TAB_SWITCH', 5000],
      ['TAB_SWITCH', 9000],
    ]);
    expect(await work.violationCounts('physics', 'ada')).toMatchObject([
      { violations: 3, lastAt: new Date(startedMs + 9000).toISOString() },
    ]);
  } finally {
    vi.useRealTimers();
  }
});

test('a database that does not answer delays an acknowledgement by a second at most', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    let answer = (): void => undefined;
    work.waitFor = new Promise((resolve) => (answer = resolve));
    const stored = violations.stored('s1', [frame(0, [['TAB_SWITCH', startedMs]])]);
    await vi.advanceTimersByTimeAsync(1000);
    await stored;
    expect(await recorded()).toEqual([]);
    answer();
    await violations.close();
    expect(await recorded()).toEqual([['TAB_SWITCH', 0]]);
  } finally {
    vi.useRealTimers();
  }
});

test('the end of a session records what a crash kept from being recorded, and fails while the records are away', async () => {
  const frames = [frame(0, [['TAB_SWITCH', startedMs]]), frame(1, [['COPY_ATTEMPT', startedMs]])];
  const session = (await sessions.find('s1'))!;
  const atEnd = async (): Promise<void> => {
    const observer = violations.atEnd(session);
    for (const each of frames) observer.onFrames([each]);
    await observer.onRead();
  };
  work.fails = true;
  await expect(atEnd()).rejects.toMatchObject({ reason: 'records_unavailable' });
  work.fails = false;
  await atEnd();
  await atEnd();
  const rows = await recorded();
  expect(rows).toHaveLength(2);
  expect(rows).toEqual(
    expect.arrayContaining([
      ['COPY_ATTEMPT', 0],
      ['TAB_SWITCH', 0],
    ]),
  );
});

test('an erased student’s pending violations are not recorded', async () => {
  work.fails = true;
  await violations.stored('s1', [frame(0, [['TAB_SWITCH', startedMs]])]);
  work.fails = false;
  await database.run((db) => db.deleteFrom('sessions').execute());
  await violations.close();
  expect(await recorded()).toEqual([]);
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
  expect(await violations.record('physics', 'ada', 'DEV_TOOLS', startedMs)).toEqual({
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
