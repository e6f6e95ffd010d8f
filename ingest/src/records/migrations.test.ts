import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, Migrator, PostgresDialect, SqliteDialect, sql } from 'kysely';
import Database from 'libsql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { AnalysisRecords } from './analysis-records.ts';
import { ExamRecords } from './exam-records.ts';
import { migrationProvider } from './migrations.ts';
import { RecordsDatabase } from './records-database.ts';
import type { RecordsLocation } from './records-database.ts';
import { SessionRecords } from './session-records.ts';
import type { Tables } from './tables.ts';

const versions = Object.keys(await migrationProvider(false).getMigrations()).toSorted();
const startedAt = '2026-01-05T09:00:00.000Z';

const plainDatabase = (location: RecordsLocation): Kysely<Tables> =>
  new Kysely<Tables>({
    dialect:
      location.kind === 'postgres'
        ? new PostgresDialect({ pool: new pg.Pool({ connectionString: location.url, max: 1 }) })
        : new SqliteDialect({ database: new Database(location.file) }),
  });

/** A database as a server of that version left it: its tables, an ended session and a running one. */
const makeOld = async (location: RecordsLocation, version: string): Promise<void> => {
  const db = plainDatabase(location);
  const migrator = new Migrator({ db, provider: migrationProvider(location.kind === 'postgres') });
  const { error } = await migrator.migrateTo(version);
  if (error !== undefined) throw error;
  // Only the first version's columns, so that the row is valid in every version.
  await db
    .insertInto('exams')
    .values({ exam_id: 'physics', created_at: startedAt } as never)
    .execute();
  const session = { exam_id: 'physics', member_id: 'ada', started_at: startedAt };
  await db
    .insertInto('sessions')
    .values([
      { ...session, session_id: 'over', status: 'ended', ended_at: startedAt },
      { ...session, session_id: 'on', status: 'running', ended_at: null },
    ] as never)
    .execute();
  await db
    .insertInto('exam_analyses')
    .values({
      session_id: 'over',
      version: 1,
      exam_id: 'physics',
      member_id: 'ada',
      rules_version: '1',
      report: '{"kept":true}',
      dump_file: 'over_frames.json',
      created_at: startedAt,
    } as never)
    .execute();
  await db
    .insertInto('audit')
    .values({ at: startedAt, actor: 'teacher', action: 'session.end', session_id: 'over' } as never)
    .execute();
  await db.destroy();
};

/** Tables with their columns, and indexes, by name. */
const shapeOf = async (location: RecordsLocation): Promise<unknown> => {
  const db = plainDatabase(location);
  const tables = await db.introspection.getTables();
  const indexes = await (location.kind === 'postgres'
    ? sql<{ name: string }>`select indexname as name from pg_indexes where schemaname = 'public' order by 1`.execute(db)
    : sql<{ name: string }>`select name from sqlite_master where type = 'index' order by 1`.execute(db));
  await db.destroy();
  return {
    tables: tables
      .map(({ name, columns }) => ({
        name,
        columns: columns
          .map((column) => `${column.name} ${column.dataType} ${column.isNullable ? 'null' : 'not null'}`)
          .toSorted(),
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    indexes: indexes.rows.map(({ name }) => name),
  };
};

const contract = (makeLocation: (name: string) => Promise<RecordsLocation>): void => {
  let newest: unknown;
  beforeAll(async () => {
    const location = await makeLocation('fresh');
    const database = new RecordsDatabase(location);
    await database.check();
    await database.close();
    newest = await shapeOf(location);
  });

  test.each(versions)('a database of version %s is brought up to date, and loses nothing', async (version) => {
    const location = await makeLocation(version);
    await makeOld(location, version);
    const database = new RecordsDatabase(location);
    const sessions = new SessionRecords(database);
    expect(await sessions.find('over')).toMatchObject({
      examId: 'physics',
      memberId: 'ada',
      status: 'ended',
      startedAt,
    });
    expect(await sessions.find('on')).toMatchObject({ status: 'running', endedAt: null });
    expect(await new AnalysisRecords(database).kept('over', null)).toMatchObject({ report: '{"kept":true}' });
    // Before this version exams were only names, so existing exams count as running.
    expect(await new ExamRecords(database).find('physics')).toMatchObject({ examId: 'physics', status: 'IN_PROGRESS' });
    const audit = await database.run((db) => db.selectFrom('audit').selectAll().execute());
    expect(audit).toMatchObject([{ actor: 'teacher', action: 'session.end', session_id: 'over' }]);
    await database.close();
    expect(await shapeOf(location)).toEqual(newest);
  });

  test('a database of a later version than this server is left unchanged and reported as unusable', async () => {
    const location = await makeLocation('later');
    const first = new RecordsDatabase(location);
    await first.check();
    await first.close();
    const db = plainDatabase(location);
    await sql`insert into kysely_migration (name, timestamp) values ('9999-later', ${startedAt})`.execute(db);
    await db.destroy();
    const database = new RecordsDatabase(location);
    await expect(database.check()).rejects.toMatchObject({ reason: 'records_unavailable' });
    await database.close();
    expect(await shapeOf(location)).toEqual(newest);
  });
};

describe('sqlite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-migrations-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  contract(async (name) => ({ kind: 'sqlite', file: join(folder, `${name}.db`) }));
});

describe('postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  contract(async (name) => {
    const database = `migrations_${name.replaceAll('-', '_')}`;
    const client = new pg.Client({ connectionString: postgres.url });
    await client.connect();
    await client.query(`create database ${database}`);
    await client.end();
    const url = new URL(postgres.url);
    url.pathname = `/${database}`;
    return { kind: 'postgres', url: url.href };
  });
});
