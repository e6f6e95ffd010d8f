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
import { budgetTable } from '../budget/budget-table.ts';
import { Sessions } from '../sessions/sessions.ts';

const startedAt = '2026-01-05T09:00:00.000Z';
const endedAt = '2026-01-05T11:00:00.000Z';
const endMs = Date.parse(endedAt);
const claimMs = 60_000;

/** The contract of the records, on every SQL dialect. */
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

  test('keeps one secret for all replicas, created by the first that asks', async () => {
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

  test('keeps one of ten concurrent creations of a session', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => create({ memberId: `member-${n}` })));
    expect((await find()).memberId).toMatch(/^member-\d$/);
  });

  test('starts one session for a student, however many starts two replicas get at once', async () => {
    // Only one process opens a SQLite file, but its requests still overlap.
    const other = location().kind === 'sqlite' ? database : new RecordsDatabase(location());
    const replicas = [database, other].map(
      (each) =>
        new Sessions({ records: new SessionRecords(each), createOnFirstUse: false, now: () => Date.parse(startedAt) }),
    );
    const examId = `exam-${sessionId}`;
    const startAll = () =>
      Promise.all(Array.from({ length: 12 }, (_, n) => replicas[n % 2]!.start(examId, 'ada', 'ada')));
    const first = new Set((await startAll()).map((session) => session.sessionId));
    expect(first.size).toBe(1);
    expect(await records.ofMember(examId, 'ada')).toHaveLength(1);
    const [running] = first;
    await ends.claimEnd(running!, 'mine', endMs, claimMs);
    const second = new Set((await startAll()).map((session) => session.sessionId));
    expect(second.size).toBe(1);
    expect(second).not.toEqual(first);
    expect((await replicas[0]!.start(examId, 'bob', 'bob')).sessionId).not.toBe([...second][0]);
    if (other !== database) await other.close();
  });

  test('refuses a start beyond the bound of 24 hours, and allows it afterwards', async () => {
    let nowMs = Date.parse(startedAt);
    const starting = new Sessions({ records, createOnFirstUse: false, now: () => nowMs });
    const examId = `exam-${sessionId}`;
    const { limit } = budgetTable.sessions;
    const startAndEnd = async (): Promise<void> => {
      const started = await starting.start(examId, 'ada', 'ada');
      await ends.claimEnd(started.sessionId, 'mine', nowMs, claimMs);
    };
    for (let at = 0; at < limit; at += 1) await startAndEnd();
    await expect(startAndEnd()).rejects.toMatchObject({
      reason: 'too_many_sessions',
      message: `a student may start ${limit} sessions of an exam in 24 hours; this limit is reached`,
    });
    expect(await records.ofMember(examId, 'ada')).toHaveLength(limit);
    nowMs += 86_400_000;
    await startAndEnd();
  });

  test('counts the frames that a store had and lost', async () => {
    await create();
    const stream = (frames: number, nonce: string) => ({ frames, chain: { nonce, head: `${nonce}-${frames}` } });
    expect(await records.framesMissing(sessionId, stream(3, 'a'))).toBe(0);
    await records.saveFramesStored(sessionId, stream(500, 'a'));
    // Another replica counted earlier and writes later.
    await records.saveFramesStored(sessionId, stream(480, 'a'));
    expect(await records.framesMissing(sessionId, stream(500, 'a'))).toBe(0);
    expect(await records.framesMissing(sessionId, stream(450, 'a'))).toBe(50);
    expect(await records.framesMissing(sessionId, { frames: 0, chain: null })).toBe(500);
    // A higher frame count does not hide the loss of the earlier frames.
    expect(await records.framesMissing(sessionId, stream(900, 'b'))).toBe(500);
    await records.saveFramesStored(sessionId, stream(900, 'b'));
    expect(await records.framesMissing(sessionId, stream(1000, 'b'))).toBe(500);
  });

  test('keeps the coverage of the checkpoint with the most frames', async () => {
    await create({ memberId: sessionId });
    const coverage = { live_s: 8.4, late_s: 1, not_observed_s: 0.6 };
    const saved = async () => (await records.newestOfExam('physics', [sessionId], 1))[0]?.coverage;
    expect(await saved()).toBeNull();
    await records.saveFramesStored(sessionId, { frames: 50, chain: null, coverage });
    await records.saveFramesStored(sessionId, { frames: 40, chain: null, coverage: { ...coverage, live_s: 6 } });
    expect(await saved()).toEqual(coverage);
  });

  test('only one of many callers claims the end', async () => {
    await create();
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, n) => ends.claimEnd(sessionId, `claim-${n}`, endMs, claimMs)),
    );
    expect(claims.filter((won) => won)).toHaveLength(1);
    expect((await find()).status).toBe('ending');
  });

  test('a claim can be taken once it has expired or was released', async () => {
    await create();
    expect(await ends.claimEnd(sessionId, 'first', endMs, claimMs)).toBe(true);
    expect(await ends.claimEnd(sessionId, 'second', endMs + claimMs - 1, claimMs)).toBe(false);
    expect(await ends.claimEnd(sessionId, 'second', endMs + claimMs + 1, claimMs)).toBe(true);
    await ends.releaseEnd(sessionId, 'first');
    expect(await ends.claimEnd(sessionId, 'third', endMs + claimMs + 2, claimMs)).toBe(false);
    await ends.releaseEnd(sessionId, 'second');
    expect(await ends.claimEnd(sessionId, 'third', endMs + claimMs + 2, claimMs)).toBe(true);
  });

  test('stores report and end together, for the holder of the claim only', async () => {
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

  test('finds interrupted ends, frames to clear and sessions beyond their lifetime', async () => {
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

  test('has everything after the process restarted', async () => {
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

  test('fails while the database is unavailable, and recovers by itself', async () => {
    await postgres.stop();
    const database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
    const records = new SessionRecords(database);
    await expect(records.find('session-0')).rejects.toMatchObject({ reason: 'records_unavailable' });
    await postgres.start();
    expect(await records.find('session-0')).toMatchObject({ sessionId: 'session-0' });
    await postgres.stop();
    // The backend process of an open connection briefly outlives the killed server and may still answer.
    const outcome = (): Promise<string> =>
      records.find('session-0').then(
        () => 'found',
        (error: { reason: string }) => error.reason,
      );
    await expect.poll(outcome, { timeout: 15_000 }).toBe('records_unavailable');
    await postgres.start();
    expect(await records.find('session-0')).toMatchObject({ sessionId: 'session-0' });
    await database.close();
  });

  test('a server that goes away between two statements of a transaction fails that work and nothing else', async () => {
    const database = new RecordsDatabase({ kind: 'postgres', url: postgres.url });
    // An unhandled error would end the process, and fails this test file.
    const work = database.run((db) =>
      db.transaction().execute(async (transaction) => {
        await transaction.selectFrom('sessions').select('session_id').limit(1).execute();
        await postgres.stop();
        // A backend may outlive the server for a moment, and still answers then.
        for (let answers = 0; answers < 100_000; answers += 1) {
          await transaction.selectFrom('sessions').select('session_id').limit(1).execute();
        }
      }),
    );
    await expect(work).rejects.toMatchObject({ reason: 'records_unavailable' });
    await postgres.start();
    await expect(new SessionRecords(database).find('session-0')).resolves.toMatchObject({ sessionId: 'session-0' });
    await database.close();
  });
});
