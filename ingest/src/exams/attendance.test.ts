import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import type { Bus } from '../bus/bus.ts';
import { topics } from '../bus/topics.ts';
import { localBus } from '../../test/local-bus.ts';
import { AttendanceRecords } from '../records/attendance-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import type { RecordsLocation } from '../records/records-database.ts';
import type { AttendanceChange } from '../model/attendance-reducer.ts';
import { Attendance } from './attendance.ts';
import { ReplicaRecords } from '../records/replica-records.ts';
import { ReplicaHeartbeat } from '../replicas/replica-heartbeat.ts';
import { ExamEvents } from './exam-events.ts';
import { waitFor } from '@invigil/testkit/timers/waits';

const beatMs = 10_000;
/** Real time. A busy Postgres needs more than one second, the default timeout of a poll. */
const soon = { timeout: 15_000 };

/** The records; replies to one student's arrival can be dropped. */
class LostAnswers extends AttendanceRecords {
  lostArrivalOf: string | null = null;

  override async change(steps: Parameters<AttendanceRecords['change']>[0]): Promise<AttendanceChange[]> {
    const changes = await super.change(steps);
    // Not every write: a heartbeat can restore those who are present at any time, and what fails with other exams is written again.
    const isLost = steps.some(({ step }) => step.kind === 'enter' && step.place.userId === this.lostArrivalOf);
    if (isLost) throw new Error('no answer');
    return changes;
  }
}

const contract = (location: () => RecordsLocation): void => {
  let database: RecordsDatabase;
  let bus: Bus;
  let announced: Record<string, unknown>[];
  let clockMs: number;
  let exams = 0;
  let examId: string;
  let heartbeats: ReplicaHeartbeat[];

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    database = new RecordsDatabase(location());
    bus = localBus(() => undefined);
    announced = [];
    heartbeats = [];
    clockMs = Date.parse('2026-01-05T09:00:00Z');
    examId = `exam-${exams++}`;
    bus.subscribe(topics.examAll, [examId], (message) => announced.push(message));
  });
  afterEach(async () => {
    vi.useRealTimers();
    for (const created of heartbeats) await created.close();
    await bus.close();
    await database.close();
  });

  const heartbeat = (): ReplicaHeartbeat => {
    const created = new ReplicaHeartbeat({
      replicaId: randomUUID(),
      records: new ReplicaRecords(database),
      log: pino({ level: 'silent' }),
      now: () => clockMs,
    });
    heartbeats.push(created);
    return created;
  };
  /** One replica's attendance; all replicas share the records. */
  const replica = (records = new AttendanceRecords(database)): Attendance =>
    new Attendance({
      heartbeat: heartbeat(),
      records,
      events: new ExamEvents(bus),
      log: pino({ level: 'silent' }),
      now: () => clockMs,
    });
  const student = (userId: string, slot: string | null = `exam:${examId}:${userId}`) => ({
    examId,
    userId,
    isStudent: true,
    slot,
  });
  const come = async (attendance: Attendance, ...visitor: Parameters<typeof student>) => {
    const stay = await attendance.enter(student(...visitor));
    stay.announce();
    return stay;
  };
  const events = () => announced.map(({ type, student_id: id, connected_count: count }) => [type, id, count]);

  test('announces a student with the first connection and the last', async () => {
    const [one, two] = [replica(), replica()];
    const room = await come(one, 'ada');
    const session = await come(two, 'ada', null);
    const tab = await come(two, 'ada', null);
    await room.leave();
    await session.leave();
    await tab.leave();
    expect(events()).toEqual([
      ['participant_joined', 'ada', 1],
      ['participant_disconnected', 'ada', 0],
    ]);
  });

  test('announces the changes of all replicas with their order, and a state that was read too', async () => {
    const [one, two] = [replica(), replica()];
    for (const attendance of [one, two, one]) await (await come(attendance, 'ada')).leave();
    await two.close();
    await one.close();
    const orders = announced.map(({ order }) => order);
    expect(orders).not.toContain(undefined);
    expect(orders.length).toBeGreaterThanOrEqual(5);
    expect(orders).toEqual((orders as number[]).toSorted((a, b) => a - b));
  });

  test('counts correctly when many arrive and leave at the same time', async () => {
    const [one, two] = [replica(), replica()];
    const ids = Array.from({ length: 20 }, (_, index) => `student-${index}`);
    const stays = await Promise.all(ids.map((id, index) => come(index % 2 === 0 ? one : two, id)));
    expect(events().map(([, , count]) => count)).toContain(20);
    await Promise.all(stays.map((stay) => stay.leave()));
    const counts = events().flatMap(([type, , count]) => (type === 'participant_disconnected' ? [count] : []));
    expect(counts.toSorted((a, b) => Number(a) - Number(b))).toEqual(ids.map((_, index) => index));
  });

  test('a replaced connection does not remove the newer one', async () => {
    const [one, two] = [replica(), replica()];
    const older = await come(one, 'ada');
    const newer = await come(two, 'ada');
    const slot = `exam:${examId}:ada`;
    expect(await one.holds(slot, older.connectionId)).toBe(false);
    await older.leave();
    expect(await two.holds(slot, newer.connectionId)).toBe(true);
    expect(events()).toEqual([['participant_joined', 'ada', 1]]);
  });

  test('removes what dead replicas left behind', async () => {
    const [dead, dying] = [replica(), replica()];
    await come(dead, 'ada');
    await come(dying, 'bob');
    // Stop their heartbeats, as if they had been killed.
    vi.clearAllTimers();
    const survivor = replica();
    await come(survivor, 'eve');
    // A heartbeat is skipped while the previous one runs, so advance the clock until the work is done.
    await waitFor(async () => {
      clockMs += 31_000;
      await vi.advanceTimersByTimeAsync(beatMs);
      if (announced.length < 5) throw new Error('not yet');
    }, soon);
    expect(announced.slice(3).map(({ type }) => type)).toEqual([
      'participant_disconnected',
      'participant_disconnected',
    ]);
    expect(new Set(announced.slice(3).map(({ student_id: id }) => id))).toEqual(new Set(['ada', 'bob']));
    expect(await new AttendanceRecords(database).connectedStudents(examId)).toEqual(['eve']);
  });

  test('removes the hundreds of students of a dead replica in a few writes', async () => {
    const ids = Array.from({ length: 300 }, (_, index) => `student-${index}`);
    const dead = replica();
    await Promise.all(ids.map((id) => dead.enter(student(id))));
    vi.clearAllTimers();
    const records = new AttendanceRecords(database);
    const written = vi.spyOn(records, 'change');
    replica(records);
    await waitFor(async () => {
      clockMs += 31_000;
      await vi.advanceTimersByTimeAsync(beatMs);
      if (announced.length < ids.length) throw new Error('not yet');
    }, soon);
    expect(await records.connectedStudents(examId)).toEqual([]);
    expect(written.mock.calls.length).toBeLessThan(10);
  });

  test('removes a student again whose arrival was written but not confirmed', async () => {
    const records = new LostAnswers(database);
    const attendance = replica(records);
    await come(attendance, 'eve');
    records.lostArrivalOf = 'ada';
    await expect(come(attendance, 'ada')).rejects.toThrow('no answer');
    expect(await records.connectedStudents(examId)).toEqual(['ada', 'eve']);
    await expect
      .poll(async () => {
        await vi.advanceTimersByTimeAsync(beatMs);
        return records.connectedStudents(examId);
      }, soon)
      .toEqual(['eve']);
  });

  test('waits for arrivals and departures in progress when it closes', async () => {
    const closing = replica();
    const stay = await come(closing, 'ada');
    void stay.leave();
    void closing.enter(student('bob')).then((entered) => entered.announce());
    await closing.close();
    const departures = events().filter(([type]) => type === 'participant_disconnected');
    expect(new Set(departures.map(([, id]) => id))).toEqual(new Set(['ada', 'bob']));
    expect(departures).toHaveLength(2);
    expect(await new AttendanceRecords(database).connectedStudents(examId)).toEqual([]);
  });

  test('announces a student who keeps reconnecting a few times, and finally the current state', async () => {
    const attendance = replica();
    for (let cycle = 0; cycle < 20; cycle++) await (await come(attendance, 'ada')).leave();
    await come(attendance, 'ada');
    const before = events().length;
    // 41 changes. On a slow machine they take long enough for some to be announced in between.
    expect(before).toBeGreaterThanOrEqual(2);
    expect(before).toBeLessThan(10);
    await attendance.close();
    expect(events().at(-1)).toEqual(['participant_disconnected', 'ada', 0]);
    // The current state, and the changes before it if their time had come when the replica began to close.
    expect(events().length).toBeLessThanOrEqual(before + 2);
  });

  test('leaves no connections behind when it closes', async () => {
    const closing = replica();
    await come(closing, 'ada');
    await come(closing, 'bob');
    await closing.close();
    expect(
      events()
        .slice(2)
        .map(([type]) => type),
    ).toEqual(['participant_disconnected', 'participant_disconnected']);
    expect(await new AttendanceRecords(database).connectedStudents(examId)).toEqual([]);
  });
};

describe('attendance in sqlite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-attendance-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  contract(() => ({ kind: 'sqlite', file: join(folder, 'records.db') }));
});

describe('attendance in postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  contract(() => ({ kind: 'postgres', url: postgres.url }));
});
