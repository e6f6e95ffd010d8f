import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { AgentSessionRecords } from './agent-session-records.ts';
import { ErasureRecords } from './erasure-records.ts';
import { LtiAttemptRecords } from './lti-attempt-records.ts';
import { LtiMemberRecords } from './lti-member-records.ts';
import { RecordsDatabase } from './records-database.ts';
import type { RecordsLocation } from './records-database.ts';
import { SessionRecords } from './session-records.ts';
import { StudentRecords } from './student-records.ts';
import { studentTables } from './student-tables.ts';
import { turnsDuring } from '../../test/turns-during.ts';

const at = '2026-01-05T09:00:00.000Z';

const contract = (locate: () => Promise<RecordsLocation>): void => {
  let database: RecordsDatabase;
  let students: StudentRecords;

  beforeEach(async () => {
    database = new RecordsDatabase(await locate());
    students = new StudentRecords(database);
  });
  afterEach(() => database.close());

  const agentsOf = async (memberId: string): Promise<unknown[]> => {
    const table = { table: 'agent_session_history', column: 'user_id', holds: 'member' } as const;
    const ids: unknown[] = [];
    for await (const rows of students.rowsOfStudent(table, memberId)) ids.push(...rows.map(({ agent_id }) => agent_id));
    return ids;
  };
  const entry = { at, actor: 'admin', action: 'student.erased', detail: {} } as const;
  const erase = (memberId: string) => students.eraseStudent(memberId, { student: 'erased:student' }, entry, {});

  test('a similar id is not taken for the student’s', async () => {
    await database.run((db) => db.deleteFrom('agent_session_history').execute());
    const records = new AgentSessionRecords(database);
    for (const agentId of ['tab.ada', 'phone.ada', 'tab.x.ada', 'tab.ad_', 'tab.adb', 'tab.Ada', 'tab.ada.x', 'ada']) {
      const { sequenceId } = await records.enter({ classroomId: 'room', agentId, replicaId: 'r1', startedAt: at });
      await records.leave({ sequenceId, replicaId: 'r1' }, at);
    }
    expect(await agentsOf('ada')).toEqual(['tab.ada', 'phone.ada']);
    expect(await agentsOf('x.ada')).toEqual(['tab.x.ada']);
    expect(await agentsOf('ad_')).toEqual(['tab.ad_']);
    expect(await erase('ada')).toEqual({ agent_session_history: 2 });
    expect(await agentsOf('ada')).toEqual([]);
    expect(await agentsOf('x.ada')).toEqual(['tab.x.ada']);
    expect(await agentsOf('Ada')).toEqual(['tab.Ada']);
  });

  test('the time of an erasure stays, under a name that shows nothing', async () => {
    const erasures = new ErasureRecords(database);
    expect(await erasures.erasedAt('zoe')).toBeNull();
    await erase('zoe');
    expect(await erasures.erasedAt('zoe')).toBe(at);
    expect(await erasures.erasedAt('tom')).toBeNull();
    const rows = await database.run((db) => db.selectFrom('erasures').selectAll().execute());
    expect(rows.map(({ user_hash: hash }) => hash)).not.toContain('zoe');
  });

  test('what a learning platform told of a student is exported, then erased, and nobody else’s', async () => {
    const attempts = new LtiAttemptRecords(database);
    const members = new LtiMemberRecords(database);
    const attempt = {
      platformId: 'moodle',
      deploymentId: '1',
      resourceLinkId: 'quiz',
      attemptNumber: 1,
      examId: 'lti',
    };
    for (const studentId of ['lea', 'leo']) {
      await attempts.start({
        ...attempt,
        attemptId: `attempt-${studentId}`,
        studentId,
        subject: `subject-${studentId}`,
        startAssessmentUrl: 'https://moodle.example/start',
        sessionData: 'opaque',
        controlUrl: null,
        controlActions: [],
        createdAt: at,
        endedAt: at,
      });
    }
    await members.add('lti', [
      { userId: 'lea', part: 'student' },
      { userId: 'leo', part: 'student' },
    ]);
    const found: Record<string, unknown[]> = {};
    for (const table of studentTables.filter(({ holds }) => holds === 'member')) {
      for await (const rows of students.rowsOfStudent(table, 'lea')) if (rows.length > 0) found[table.table] = rows;
    }
    expect(found).toMatchObject({ lti_attempts: [{ subject: 'subject-lea' }], lti_members: [{ user_id: 'lea' }] });
    expect(await erase('lea')).toEqual({ lti_attempts: 1, lti_members: 1 });
    expect(await students.isKnown('lea')).toBe(false);
    expect(await members.list('lti')).toEqual([{ userId: 'leo', part: 'student' }]);
    expect(await attempts.find(attempt, 'lea', 1)).toBeNull();
    expect(await attempts.find(attempt, 'leo', 1)).toMatchObject({ subject: 'subject-leo' });
    expect(await erase('leo')).toEqual({ lti_attempts: 1, lti_members: 1 });
  });

  test('the audit keeps actions under a pseudonym, and other people’s entries unchanged', async () => {
    await database.run(async (db) => {
      const line = { at, exam_id: 'physics', action: 'session.started' };
      await db
        .insertInto('audit')
        .values({ ...line, actor: 'bea', session_id: 'bea-1', detail: '{"a":1}' })
        .execute();
      await db
        .insertInto('audit')
        .values({ ...line, actor: 'bob', session_id: 'bob-1', detail: '{"b":2}' })
        .execute();
    });
    await erase('bea');
    const rows = await database.run((db) =>
      db
        .selectFrom('audit')
        .select(['actor', 'action', 'session_id', 'exam_id', 'detail'])
        .where('action', '=', 'session.started')
        .orderBy('audit_id')
        .execute(),
    );
    expect(rows).toMatchObject([
      // Her session had already left the records, so nothing links its id to her.
      { actor: 'erased:student', session_id: 'bea-1', exam_id: 'physics', detail: null },
      { actor: 'bob', session_id: 'bob-1', exam_id: 'physics', detail: '{"b":2}' },
    ]);
  });

  test('nothing is removed while the student has a session', async () => {
    const sessions = new SessionRecords(database);
    const common = { examId: null, memberId: 'cleo', startedAt: at, actor: 'cleo' };
    await sessions.create({ ...common, sessionId: 'cleo-1' });
    await sessions.create({ ...common, sessionId: 'cleo-2' });
    const session = (id: string): string => `erased:${id}`;
    expect(await students.eraseSessions(['cleo-1'], { session })).toEqual({ sessions: 1 });
    expect(await erase('cleo')).toBeNull();
    expect(await students.isKnown('cleo')).toBe(true);
    expect(await students.eraseSessions(['cleo-2'], { session })).toEqual({ sessions: 1 });
    expect(await erase('cleo')).toEqual({});
    expect(await students.isKnown('cleo')).toBe(false);
  });

  test('rows of a large table come in ranges of its key, each once, and let other work run', async () => {
    const table = studentTables.find((each) => each.table === 'agent_session_history');
    if (table === undefined) throw new Error('no such table');
    const visits = Array.from({ length: 2500 }, (_, index) => ({
      sequence_id: 7 + index,
      classroom_id: 'physics',
      agent_id: index % 10 === 0 ? 'web.bob' : 'web.ada',
      user_id: index % 10 === 0 ? 'bob' : 'ada',
      started_at: at,
      ended_at: at,
    }));
    await database.run((db) => db.deleteFrom('agent_session_history').execute());
    for (let from = 0; from < visits.length; from += 500) {
      const some = visits.slice(from, from + 500);
      await database.run((db) => db.insertInto('agent_session_history').values(some).execute());
    }
    const pages: unknown[][] = [];
    const read = async (): Promise<void> => {
      for await (const rows of students.rowsOfStudent(table, 'ada')) {
        pages.push(rows.map(({ sequence_id: id }) => Number(id)));
      }
    };
    expect(await turnsDuring(read)).toBeGreaterThanOrEqual(3);
    expect(pages.map(({ length }) => length)).toEqual([900, 900, 450]);
    expect(pages.flat()).toEqual(
      visits.filter(({ agent_id }) => agent_id === 'web.ada').map(({ sequence_id }) => sequence_id),
    );
  });

  test('sessions come in pages, each once, and erasing one session keeps the others', async () => {
    const sessions = new SessionRecords(database);
    const common = { examId: null, memberId: 'dora', startedAt: at, actor: 'dora' };
    for (const id of ['dora-3', 'dora-1', 'dora-2']) await sessions.create({ ...common, sessionId: id });
    const idsOf = (found: { sessionId: string }[]) => found.map(({ sessionId }) => sessionId);
    expect(idsOf(await students.sessions('dora', '', 2))).toEqual(['dora-1', 'dora-2']);
    expect(idsOf(await students.sessions('dora', 'dora-2', 2))).toEqual(['dora-3']);
    expect(await students.runningSessions('dora', 2)).toHaveLength(2);
    const erasure = { ...entry, action: 'session.erased' } as const;
    await students.eraseSessions(['dora-2'], { session: (id) => `erased:${id}` }, erasure);
    expect(idsOf(await students.sessions('dora', '', 9))).toEqual(['dora-1', 'dora-3']);
    expect(await students.rowsOfSessions('audit', ['dora-2'])).toEqual([]);
    expect(await students.rowsOfSessions('audit', ['erased:dora-2'])).toHaveLength(1);
  });
};

afterAll(removeFolders);

describe('a student’s records in SQLite', () => {
  contract(async () => ({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') }));
});

describe('a student’s records in Postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  contract(async () => ({ kind: 'postgres', url: postgres.url }));
});
