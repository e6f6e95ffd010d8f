import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Kysely, PostgresDialect, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { studentTables } from '../src/records/student-tables.ts';
import { removeFolders, startServer } from '@invigil/testkit/server/ingest-server';
import type { TestServer } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { startReceiver } from '@invigil/testkit/services/webhook-receiver';
import { runSession } from './proctored-session.ts';
import type { ProctoredSession } from './proctored-session.ts';
import { bearer, jwtSecret, tokenOf } from '@invigil/testkit/tokens/tokens';

const secret = `whsec_${Buffer.from('a secret for signing webhooks').toString('base64')}`;
/** An id that nothing else contains. */
const student = 'ada-lovelace-1815';
const examId = 'analytical-engines';

interface Stores {
  databaseUrl: string;
  redisUrl: string;
}

const openDatabase = (server: TestServer, { databaseUrl }: Stores) =>
  new Kysely<Record<string, never>>({
    dialect:
      databaseUrl === ''
        ? new SqliteDialect({ database: new Database(join(server.dataDir, 'records.db')) })
        : new PostgresDialect({ pool: new pg.Pool({ connectionString: databaseUrl }) }),
  });

/** Every place that contains `text`: table and column, Redis key, file. */
const placesOf = async (text: string, server: TestServer, stores: Stores): Promise<string[]> => {
  const places: string[] = [];
  const db = openDatabase(server, stores);
  for (const { name } of await db.introspection.getTables()) {
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(db);
    for (const row of rows) {
      for (const [column, value] of Object.entries(row)) {
        if (String(value).includes(text)) places.push(`${name}.${column}`);
      }
    }
  }
  await db.destroy();
  if (stores.redisUrl !== '') {
    const redis = await createClient({ url: stores.redisUrl }).connect();
    for await (const keys of redis.scanIterator()) {
      for (const key of keys) {
        // DUMP returns any kind of value; strings appear in it unchanged, unless Redis has compressed them.
        const kind = await redis.type(key);
        const value =
          kind === 'hash'
            ? JSON.stringify(await redis.hGetAll(key))
            : kind === 'zset'
              ? JSON.stringify(await redis.zRange(key, 0, -1))
              : await redis.get(key);
        if (`${key} ${value}`.includes(text)) places.push(`redis ${key}`);
      }
    }
    redis.destroy();
  }
  for (const folder of [server.dataDir, server.dumpDir]) {
    const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    for (const file of files.filter((entry) => entry.isFile())) {
      const path = join(file.parentPath, file.name);
      if (path.includes(text) || (await readFile(path)).includes(text)) places.push(`file ${file.name}`);
    }
  }
  return [...new Set(places)].toSorted();
};

const suite = (stores: () => Stores): void => {
  let server: TestServer;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let as: Record<'teacher' | 'student' | 'other' | 'admin', Record<string, string>>;
  let studentToken: string;
  let otherToken: string;

  beforeAll(async () => {
    receiver = await startReceiver(secret);
    const { databaseUrl, redisUrl } = stores();
    server = await startServer({
      AUTH: 'jwt',
      JWT_SECRET: jwtSecret,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      WEBHOOK_URL: receiver.url,
      WEBHOOK_SECRET: secret,
    });
    studentToken = await tokenOf(student, 'STUDENT');
    otherToken = await tokenOf('charles', 'STUDENT');
    as = {
      teacher: bearer(await tokenOf('teacher', 'TEACHER')),
      student: bearer(studentToken),
      other: bearer(otherToken),
      admin: bearer(await tokenOf('admin', 'ADMIN')),
    };
  });
  afterAll(async () => {
    await server.close();
    await receiver.close();
  });

  const post = async (path: string, body: object | undefined, headers: Record<string, string>): Promise<void> => {
    const { status, text } = await server.ask('POST', path, body, headers);
    expect([status >= 200 && status < 300, text]).toEqual([true, text]);
  };

  /** An exam in which the student did everything for which data is stored. */
  const busySession = async (): Promise<ProctoredSession> => {
    const path = `/api/v1/exams/${examId}`;
    await post(
      '/api/v1/exams',
      { exam_id: examId, title: 'Engines', total_questions: 3, duration_minutes: 600 },
      as.teacher,
    );
    await post(
      `${path}/enrolments`,
      { students: [{ student_id: student, student_name: 'Ada' }, { student_id: 'charles' }] },
      as.teacher,
    );
    const agreed = { accommodations: [{ name: 'breaks' }] };
    expect((await server.ask('PUT', `${path}/accommodations/${student}`, agreed, as.teacher)).status).toBe(200);
    await post(`${path}/open`, undefined, as.teacher);
    await post(`${path}/start`, undefined, as.teacher);
    await post(`${path}/extra-time`, { minutes: 30, student_ids: [student] }, as.teacher);
    await post(`${path}/violations`, { violation_type: 'TAB_SWITCH' }, as.student);
    const session = await runSession(server, examId, student, studentToken, async (sessionId) => {
      const guidance = `/api/v1/session/${sessionId}`;
      await post(`${guidance}/messages`, { text: `${student}, please turn on a light.` }, as.teacher);
      await post(`${guidance}/flags`, { note: `${student} sits in the dark` }, as.teacher);
    });
    const review = `/api/v1/session/${session.sessionId}/review`;
    await post(
      `${review}/observations/${session.observationId}/contest`,
      { text: `I, ${student}, object.` },
      as.student,
    );
    await post(review, { outcome: 'inconclusive', notes: `${student} was calm` }, as.teacher);
    await receiver.next('review.recorded');
    return session;
  };

  test('is exported completely, and erased without any trace', async () => {
    const { sessionId } = await busySession();
    const other = await runSession(server, examId, 'charles', otherToken);
    const before = await placesOf(student, server, stores());
    expect(before).toEqual(
      expect.arrayContaining([
        'accommodations.member_id',
        'alerts.member_id',
        'audit.actor',
        'audit.detail',
        'exam_analyses.report',
        'exam_students.student_id',
        'exam_violations.student_id',
        'review_entries.actor',
        'sessions.member_id',
        'webhook_deliveries.body',
        `file ${sessionId}_frames.json`,
      ]),
    );

    const path = `/api/v1/students/${student}`;
    expect((await server.ask('GET', `${path}/export`, undefined, as.other)).status).toBe(403);
    expect((await server.ask('GET', `${path}/export`, undefined, as.teacher)).status).toBe(403);
    const { json: exported } = await server.ask('GET', `${path}/export`, undefined, as.student);
    expect(exported).toMatchObject({ format: 'invigil-export/1', member_id: student, running: {} });
    expect(exported.dumps).toMatchObject([{ session: { session_id: sessionId }, frames: { length: 300 } }]);
    expect(Object.keys(exported.records)).toEqual(expect.arrayContaining(['sessions', 'exam_analyses', 'audit']));
    expect(JSON.stringify(exported)).not.toContain(other.sessionId);

    for (const headers of [as.student, as.teacher, as.other]) {
      expect((await server.ask('DELETE', path, undefined, headers)).status).toBe(403);
    }
    const erased = await server.ask('DELETE', path, undefined, as.admin);
    expect([erased.status, erased.json.sessions]).toEqual([200, 1]);
    expect(await placesOf(student, server, stores())).toEqual([]);
    expect(await placesOf(sessionId, server, stores())).toEqual([]);
    expect((await server.ask('GET', `/api/v1/session/${sessionId}/report`, undefined, as.admin)).status).toBe(404);
    expect((await server.ask('DELETE', path, undefined, as.admin)).status).toBe(404);

    // Of the erased student, only the erasure and their actions remain in the audit log, under a pseudonym.
    const db = openDatabase(server, stores());
    const { rows } = await sql<{ actor: string; action: string; detail: string | null }>`
      select actor, action, detail from audit where action = 'student.erased' or actor like 'erased:%'`.execute(db);
    await db.destroy();
    expect(rows.filter(({ actor }) => actor === 'admin')).toMatchObject([{ action: 'student.erased' }]);
    expect(rows.some(({ actor, action }) => action === 'review.contest' && actor.startsWith('erased:'))).toBe(true);

    // Other people's data remains too.
    const theirs = await server.ask('GET', `/api/v1/session/${other.sessionId}/report`, undefined, as.other);
    expect(theirs.json).toMatchObject({ session: { member_id: 'charles' }, integrity: { frames: 300 } });
  });

  test('of a running session is exported with its frames, and not erased', async () => {
    const started = await server.ask(
      'POST',
      '/api/v1/session/start',
      { exam_id: examId, member_id: 'charles' },
      as.other,
    );
    const { session_id: sessionId, token } = started.json;
    const batch = { session_id: sessionId, type: 'batch', frames: [{ seq: 0, timestamp: 1_000, no_of_face: 1 }] };
    await post('/api/v1/session/ws/fallback', batch, bearer(token));
    const { json } = await server.ask('GET', '/api/v1/students/charles/export', undefined, as.admin);
    expect(json.running[sessionId]).toMatchObject([{ seq: 0, no_of_face: 1 }]);
    const refused = await server.ask('DELETE', '/api/v1/students/charles', undefined, as.admin);
    expect([refused.status, refused.json.code]).toEqual([409, 'WRONG_STATUS']);
  });

  test('is looked for in every table that could hold it', async () => {
    const db = openDatabase(server, stores());
    const tables = await db.introspection.getTables();
    await db.destroy();
    const known = new Set(studentTables.map(({ table }) => table as string));
    // The audit is kept under a pseudonym; teachers are not students; archived frames belong to the frame store, which exports and erases them.
    const others = ['audit', 'exam_teachers', 'staff_sessions', 'lti_deep_link_requests', 'frame_blocks'];
    for (const table of others) known.add(table);
    const personal = /^(member|student|user|session|agent|actor)(_id)?$/;
    const forgotten = tables
      .filter(({ name, columns }) => !known.has(name) && columns.some((column) => personal.test(column.name)))
      .map(({ name }) => name);
    expect(forgotten).toEqual([]);
  });
};

afterAll(removeFolders);

describe('a student’s data in the embedded stores', () => {
  suite(() => ({ databaseUrl: '', redisUrl: '' }));
});

describe('a student’s data in Postgres and Redis', () => {
  let postgres: PostgresService;
  let redis: Awaited<ReturnType<typeof startRedis>>;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  });
  afterAll(async () => {
    await redis.stop();
    await postgres.remove();
  });
  suite(() => ({ databaseUrl: postgres.url, redisUrl: redis.url }));
});
