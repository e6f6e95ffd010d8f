import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { AnalysisRecords } from './analysis-records.ts';
import { RecordsDatabase } from './records-database.ts';
import type { RecordsLocation } from './records-database.ts';
import { SecretRecords } from './secret-records.ts';
import { SessionEndRecords } from './session-end-records.ts';
import { SessionRecords } from './session-records.ts';
import type { Session } from '../model/session.ts';

const startedAt = '2026-01-05T09:00:00.000Z';
const endedAt = '2026-01-05T11:00:00.000Z';
const endMs = Date.parse(endedAt);
const claimMs = 60_000;

/** What the records promise, whatever SQL is below them. */
const contract = (location: () => RecordsLocation): void => {
  let database: RecordsDatabase;
  let records: SessionRecords;
  let ends: SessionEndRecords;
  let sessionId: string;
  let sessions = 0;

  beforeEach(() => {
    database = new RecordsDatabase(location());
    records = new SessionRecords(database);
    ends = new SessionEndRecords(database);
    sessionId = `session-${sessions++}`;
  });
  afterEach(() => database.close());

  const create = (extra: Partial<Parameters<SessionRecords['create']>[0]> = {}): Promise<void> =>
    records.create({ sessionId, examId: 'physics', memberId: 'ada', startedAt, actor: 'teacher', ...extra });

  const find = async (): Promise<Session> => {
    const session = await records.find(sessionId);
    if (session === null) throw new Error('not found');
    return session;
  };

  const finish = async (claim: string, report = '{}'): Promise<boolean> =>
    ends.finishEnd(
      { session: await find(), endedAt, rulesVersion: '1', report, dumpFile: 'dump.json', actor: 'teacher' },
      claim,
    );

  test('finds a session as it was created, and no other', async () => {
    await create();
    expect(await find()).toMatchObject({
      sessionId,
      examId: 'physics',
      memberId: 'ada',
      status: 'running',
      startedAt,
      endedAt: null,
    });
    expect(await records.find('nobody')).toBeNull();
  });

  test('keeps a secret for all replicas, whichever asks first', async () => {
    const other = new RecordsDatabase(location());
    const [mine, theirs] = await Promise.all(
      [database, other].map((each) => new SecretRecords(each).secret('session-tokens')),
    );
    expect(mine).toHaveLength(32);
    expect(mine).toEqual(theirs);
    expect(await new SecretRecords(database).secret('another')).not.toEqual(mine);
    await other.close();
  });

  test('leaves a session as it is when it is created again', async () => {
    await create();
    await create({ memberId: 'eve' });
    expect((await find()).memberId).toBe('ada');
  });

  test('keeps one of ten that create the same session at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => create({ memberId: `member-${n}` })));
    expect((await find()).memberId).toMatch(/^member-\d$/);
  });

  test('lets one of many claim the end', async () => {
    await create();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => ends.claimEnd(sessionId, `claim-${n}`, endMs, claimMs)),
    );
    expect(claims.filter((won) => won)).toHaveLength(1);
    expect((await find()).status).toBe('ending');
  });

  test('gives a claim to the next one when it has run out or was released', async () => {
    await create();
    expect(await ends.claimEnd(sessionId, 'first', endMs, claimMs)).toBe(true);
    expect(await ends.claimEnd(sessionId, 'second', endMs + claimMs - 1, claimMs)).toBe(false);
    expect(await ends.claimEnd(sessionId, 'second', endMs + claimMs + 1, claimMs)).toBe(true);
    await ends.releaseEnd(sessionId, 'first');
    expect(await ends.claimEnd(sessionId, 'third', endMs + claimMs + 2, claimMs)).toBe(false);
    await ends.releaseEnd(sessionId, 'second');
    expect(await ends.claimEnd(sessionId, 'third', endMs + claimMs + 2, claimMs)).toBe(true);
  });

  test('keeps report and end together, for the holder of the claim alone', async () => {
    const analyses = new AnalysisRecords(database);
    await create();
    await ends.claimEnd(sessionId, 'mine', endMs, claimMs);
    expect(await finish('not-mine', '{"wrong":1}')).toBe(false);
    expect(await analyses.kept(sessionId, null)).toBeNull();
    expect(await finish('mine', '{"right":1}')).toBe(true);
    expect(await analyses.kept(sessionId, null)).toMatchObject({ version: 1, report: '{"right":1}' });
    expect(await find()).toMatchObject({ status: 'ended', endedAt });
    expect(await ends.claimEnd(sessionId, 'late', endMs + 10 * claimMs, claimMs)).toBe(false);
  });

  test('finds what is still to be done: cut-off ends, frames to clear, sessions beyond their time', async () => {
    const ids = ['old', 'fresh', 'cut-off', 'uncleared', 'done'].map((name) => `${sessionId}-${name}`);
    for (const id of ids) {
      sessionId = id;
      await create({ startedAt: id.endsWith('old') ? '2026-01-01T00:00:00.000Z' : startedAt });
      if (/cut-off|uncleared|done/.test(id)) await ends.claimEnd(id, 'claim', endMs, claimMs);
      if (/uncleared|done/.test(id)) await finish('claim');
      if (id.endsWith('done')) await ends.markFramesCleared(id, endedAt);
    }
    const found = (await ends.unfinished(startedAt, 1000)).map((session) => session.sessionId);
    expect(found.filter((id) => ids.includes(id)).toSorted()).toEqual([ids[0], ids[2], ids[3]].toSorted());
  });

  test('has everything after the process began again', async () => {
    await create();
    await database.close();
    database = new RecordsDatabase(location());
    records = new SessionRecords(database);
    ends = new SessionEndRecords(database);
    expect((await find()).examId).toBe('physics');
  });

  test('brings the tables up to date once when several processes start together', async () => {
    const others = Array.from({ length: 3 }, () => new RecordsDatabase(location()));
    await expect(Promise.all(others.map((other) => other.check()))).resolves.toHaveLength(3);
    await Promise.all(others.map((other) => other.close()));
  });
};

describe('sqlite', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-records-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  contract(() => ({ kind: 'sqlite', file: join(folder, 'data', 'records.db') }));
});

describe('postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());

  contract(() => ({ kind: 'postgres', url: postgres.url }));

  test('is unavailable while the database is away, and goes on by itself when it is back', async () => {
    await postgres.stop();
    const database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
    const records = new SessionRecords(database);
    await expect(records.find('session-0')).rejects.toMatchObject({ reason: 'records_unavailable' });
    await postgres.start();
    expect(await records.find('session-0')).toMatchObject({ sessionId: 'session-0' });
    await postgres.stop();
    await expect(records.find('session-0')).rejects.toMatchObject({ reason: 'records_unavailable' });
    await postgres.start();
    expect(await records.find('session-0')).toMatchObject({ sessionId: 'session-0' });
    await database.close();
  });
});
