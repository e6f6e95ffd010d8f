import { randomUUID } from 'node:crypto';
import { DefaultQueryCompiler } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { minute, onEachDatabase } from '../../test/each-database.ts';
import { AgentSessionRecords } from './agent-session-records.ts';
import { AttendanceRecords } from './attendance-records.ts';
import { CameraLinkRecords } from './camera-link-records.ts';
import { ExamRecords } from './exam-records.ts';
import { ExamStudentRecords } from './exam-student-records.ts';
import { GuidanceRecords } from './guidance-records.ts';
import { SessionRecords } from './session-records.ts';

afterEach(() => vi.restoreAllMocks());

onEachDatabase((open) => {
  test('the second student who connects and leaves compiles no statement', async () => {
    const database = open();
    const attendance = new AttendanceRecords(database);
    const agents = new AgentSessionRecords(database);
    const [examId, replicaId] = [`exam-${randomUUID()}`, `replica-${randomUUID()}`];
    const visit = async (userId: string): Promise<void> => {
      const place = { slot: userId, connectionId: userId, userId, isStudent: true, replicaId, connectedAt: minute(1) };
      expect(await new SessionRecords(database).find(userId)).toBeNull();
      expect(await new CameraLinkRecords(database).ofSession(userId)).toEqual([]);
      expect(await new GuidanceRecords(database).messages(userId)).toEqual([]);
      expect(await new ExamRecords(database).find(examId)).toBeNull();
      expect(await new ExamStudentRecords(database).find(examId, userId)).toBeNull();
      expect(await new ExamStudentRecords(database).nameOf(examId, userId)).toBeNull();
      const agent = await agents.enter({ classroomId: examId, agentId: userId, replicaId, startedAt: minute(1) });
      expect(await attendance.change([{ examId, step: { kind: 'enter', place } }])).toMatchObject([{ changed: true }]);
      expect(await attendance.change([{ examId, step: { kind: 'leave', place } }])).toMatchObject([{ changed: true }]);
      expect(await agents.find(examId, userId)).toMatchObject({ sequenceId: agent.sequenceId });
      expect(await agents.leave(agent, minute(2))).toBe(true);
    };
    await visit(randomUUID());
    const compile = vi.spyOn(DefaultQueryCompiler.prototype, 'compileQuery');
    await visit(randomUUID());
    // The locks of Postgres are plain text.
    expect(compile.mock.calls.filter(([node]) => node.kind !== 'RawNode')).toEqual([]);
  });
});
