import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import type { AttendanceStep, Place } from '../model/attendance-reducer.ts';
import { AgentSessionRecords } from './agent-session-records.ts';
import { AttendanceRecords } from './attendance-records.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import type { RecordsDatabase } from './records-database.ts';
import { ReplicaRecords } from './replica-records.ts';

onEachDatabase((open) => {
  let database: RecordsDatabase;
  let attendance: AttendanceRecords;
  let examId: string;
  let replicaId: string;
  beforeEach(() => {
    database = open();
    attendance = new AttendanceRecords(database);
    examId = `exam-${randomUUID()}`;
    replicaId = `replica-${randomUUID()}`;
  });

  const place = (userId: string, changes: Partial<Place> = {}): Place => ({
    slot: `${examId}/${userId}`,
    connectionId: `${userId}-1`,
    userId,
    isStudent: !userId.startsWith('t'),
    replicaId,
    connectedAt: minute(1),
    ...changes,
  });
  const enter = (userId: string, changes: Partial<Place> = {}): AttendanceStep => ({
    kind: 'enter',
    place: place(userId, changes),
  });
  const leave = (userId: string, changes: Partial<Place> = {}): AttendanceStep => ({
    kind: 'leave',
    place: place(userId, changes),
  });
  const change = (...steps: AttendanceStep[]) => attendance.change(steps.map((step) => ({ examId, step })));

  describe('attendance', () => {
    test('counts students who are connected, and lists them by id, without teachers', async () => {
      expect(await change(enter('bob'), enter('tina'), enter('ada'))).toMatchObject([
        { changed: true, connectedCount: 1 },
        { changed: true, connectedCount: 1 },
        { changed: true, connectedCount: 2 },
      ]);
      expect(await attendance.connectedStudents(examId)).toEqual(['ada', 'bob']);
      expect(await attendance.connectedStudents('another-exam')).toEqual([]);
    });

    test('a newer connection in a slot takes it, and the late leave of the older one changes nothing', async () => {
      await change(enter('ada'));
      expect(await change(enter('ada', { connectionId: 'ada-2' }))).toMatchObject([
        { changed: false, connectedCount: 1 },
      ]);
      expect(await attendance.holder(place('ada').slot)).toBe('ada-2');
      await change(leave('ada'));
      expect(await attendance.connectedStudents(examId)).toEqual(['ada']);
      expect(await change(leave('ada', { connectionId: 'ada-2' }))).toMatchObject([
        { changed: true, connectedCount: 0 },
      ]);
      expect(await attendance.holder(place('ada').slot)).toBeNull();
    });

    test('a student with two slots is present until both are released', async () => {
      const session = { slot: `${examId}/ada/session`, connectionId: 'ada-s' };
      await change(enter('ada'), enter('ada', session));
      expect(await attendance.connectedStudents(examId)).toEqual(['ada']);
      expect(await change(leave('ada'))).toMatchObject([{ changed: false, connectedCount: 1 }]);
      expect(await change(leave('ada', session))).toMatchObject([{ changed: true, connectedCount: 0 }]);
    });

    test('restoring takes a slot only if it is free', async () => {
      await change(enter('ada'));
      await change({ kind: 'restore', place: place('ada', { connectionId: 'old' }) });
      expect(await attendance.holder(place('ada').slot)).toBe('ada-1');
      await change({ kind: 'restore', place: place('bob') });
      expect(await attendance.holder(place('bob').slot)).toBe('bob-1');
    });

    test('notes when an enrolled student first joined, once', async () => {
      const students = new ExamStudentRecords(database);
      await students.enrol(
        examId,
        [
          { id: 'ada', name: null },
          { id: 'bob', name: null },
        ],
        minute(0),
      );
      await change(enter('ada'), enter('stranger'));
      await change(leave('ada'), enter('ada', { connectedAt: minute(9) }));
      const joined = (await students.list(examId)).map(({ studentId, joinedAt }) => [studentId, joinedAt]);
      expect(joined).toEqual([
        ['ada', minute(1)],
        ['bob', null],
      ]);
    });

    test('no step is lost when two replicas write at the same time', async () => {
      const arrivals = Array.from({ length: 20 }, (_, at) => change(enter(`s${at}`)));
      const counts = (await Promise.all(arrivals)).map(([result]) => result?.connectedCount ?? 0);
      // Each write saw the previous ones, so no two report the same count.
      expect(counts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    });

    test('a crowd of 500 fits into one write', async () => {
      await change(...Array.from({ length: 500 }, (_, at) => enter(`s${at}`)));
      expect(await attendance.connectedStudents(examId)).toHaveLength(500);
      await change(...Array.from({ length: 500 }, (_, at) => leave(`s${at}`, { connectionId: `s${at}-1` })));
      expect(await attendance.connectedStudents(examId)).toEqual([]);
    });

    test('steps of several exams are counted apart, and those who are not concerned are counted too', async () => {
      const other = `${examId}-other`;
      const inOther = (userId: string): Place => ({ ...place(userId), slot: `${other}/${userId}` });
      await change(enter('ada'), enter('bob'), enter('tina'));
      const steps = [
        { examId: other, step: { kind: 'enter', place: inOther('ada') } },
        { examId, step: enter('cleo') },
        { examId: other, step: { kind: 'enter', place: inOther('cleo') } },
        { examId, step: leave('bob') },
      ] as const;
      expect((await attendance.change(steps)).map(({ connectedCount }) => connectedCount)).toEqual([1, 3, 2, 2]);
      expect(await attendance.connectedStudents(examId)).toEqual(['ada', 'cleo']);
      expect(await attendance.connectedStudents(other)).toEqual(['ada', 'cleo']);
    });

    test('changes at the same time have an order, which a reading continues', async () => {
      const changes = (await Promise.all(['ada', 'bob', 'cleo'].map((userId) => change(enter(userId))))).flat();
      const read = await attendance.connectedInOrder(examId);
      expect(read.students).toEqual(['ada', 'bob', 'cleo']);
      const orders = [...changes.toSorted((a, b) => a.connectedCount - b.connectedCount), read].map(
        ({ order }) => order,
      );
      expect(orders).toEqual([...new Set(orders)].toSorted((a, b) => a! - b!));
    });

    test('no steps change nothing', async () => {
      expect(await change()).toEqual([]);
    });
  });

  describe('replicas', () => {
    const orphansOf = async (): Promise<string[]> =>
      (await attendance.orphans()).filter((each) => each.examId === examId).map(({ userId }) => userId);

    test('a replica that is not listed leaves orphans, and its heartbeat adopts them again', async () => {
      const replicas = new ReplicaRecords(database);
      await change(enter('ada'));
      expect(await orphansOf()).toEqual(['ada']);
      expect(await replicas.beat(replicaId, minute(1))).toBe(false);
      expect(await replicas.beat(replicaId, minute(2))).toBe(true);
      expect(await orphansOf()).toEqual([]);
      await replicas.remove(replicaId);
      expect(await orphansOf()).toEqual(['ada']);
    });

    test('a replica is declared dead by its latest heartbeat, and not if another has come since', async () => {
      const replicas = new ReplicaRecords(database);
      await replicas.beat(replicaId, minute(10));
      await replicas.beat(replicaId, minute(11));
      await replicas.removeUnchanged(replicaId, minute(10));
      expect(await replicas.list()).toContainEqual({ replicaId, seenAt: minute(11) });
      await replicas.removeUnchanged(replicaId, minute(11));
      expect(await replicas.beat(replicaId, minute(12))).toBe(false);
    });

    test('two heartbeats at once list a replica once', async () => {
      const replicas = new ReplicaRecords(database);
      await Promise.all([replicas.beat(replicaId, minute(1)), replicas.beat(replicaId, minute(2))]);
      await replicas.remove(replicaId);
      expect(await replicas.beat(replicaId, minute(3))).toBe(false);
    });

    test('agents of a dead replica are orphans, at most as many as asked for', async () => {
      const agents = new AgentSessionRecords(database);
      for (const agentId of ['a', 'b', 'c']) {
        await agents.enter({ classroomId: examId, agentId, replicaId, startedAt: minute(1) });
      }
      const own = async (limit: number) => (await agents.orphans(limit)).filter((each) => each.replicaId === replicaId);
      expect(await own(100_000)).toHaveLength(3);
      expect(await agents.orphans(1)).toHaveLength(1);
      await new ReplicaRecords(database).beat(replicaId, minute(1));
      expect(await own(100_000)).toEqual([]);
    });
  });

  describe('agents', () => {
    test('ten who enter at once as the same agent share one session', async () => {
      const agents = new AgentSessionRecords(database);
      const entering = Array.from({ length: 10 }, (_, at) =>
        agents.enter({ classroomId: examId, agentId: 'tab.ada', replicaId: `r${at}`, startedAt: minute(1) }),
      );
      const entered = await Promise.all(entering);
      expect(entered.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(entered.map(({ sequenceId }) => sequenceId)).size).toBe(1);
      expect(await agents.count([examId])).toEqual({ [examId]: 1 });
    });

    test('an agent who comes back gets a higher sequence id, and the history keeps the first stay', async () => {
      const agents = new AgentSessionRecords(database);
      const agent = { classroomId: examId, agentId: 'tab.ada', replicaId, startedAt: minute(1) };
      const first = await agents.enter(agent);
      await agents.leave(first, minute(2));
      const second = await agents.enter({ ...agent, startedAt: minute(3) });
      expect(second.sequenceId).toBeGreaterThan(first.sequenceId);
      const history = await database.run((db) =>
        db.selectFrom('agent_session_history').selectAll().where('classroom_id', '=', examId).execute(),
      );
      expect(history).toEqual([
        {
          sequence_id: first.sequenceId,
          classroom_id: examId,
          agent_id: 'tab.ada',
          user_id: 'ada',
          started_at: minute(1),
          ended_at: minute(2),
        },
      ]);
    });

    test('a stay is moved to the history by one of two that leave at once', async () => {
      const agents = new AgentSessionRecords(database);
      const entered = await agents.enter({ classroomId: examId, agentId: 'a', replicaId, startedAt: minute(1) });
      const left = await Promise.all([agents.leave(entered, minute(2)), agents.leave(entered, minute(2))]);
      expect(left.filter((each) => each)).toHaveLength(1);
    });

    test('counting no classrooms asks for nothing', async () => {
      expect(await new AgentSessionRecords(database).count([])).toEqual({});
    });
  });
});
