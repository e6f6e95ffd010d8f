import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ExamPolicySchema } from '@invigil/protocol/channels';
import * as v from 'valibot';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startPostgres } from '@invigil/testkit/services/postgres-service';
import type { PostgresService } from '@invigil/testkit/services/postgres-service';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { ExamLinkRecords } from '../records/exam-link-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import type { RecordsLocation } from '../records/records-database.ts';
import { RetentionRecords } from '../records/retention-records.ts';
import { ReviewRecords } from '../records/review-records.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { StudentRequestRecords } from '../records/student-request-records.ts';
import { Retention } from './retention.ts';

const log = pino({ level: 'silent' });
const dayMs = 86_400_000;
const endedAt = '2026-01-05T11:00:00.000Z';
const endMs = Date.parse(endedAt);

const contract = (locate: () => Promise<RecordsLocation>): void => {
  let database: RecordsDatabase;
  let analyses: AnalysisRecords;
  let dumpDir: string;
  let nowMs: number;
  /** How far the wall clock was moved. */
  let leapMs: number;
  let problems: (string | null)[];
  let retentions: Retention[];
  let records: RetentionRecords;

  beforeEach(async () => {
    database = new RecordsDatabase(await locate());
    analyses = new AnalysisRecords(database);
    records = new RetentionRecords(database);
    dumpDir = join(await makeFolder(), 'dumps');
    await mkdir(dumpDir);
    nowMs = endMs;
    leapMs = 0;
    problems = [];
    retentions = [];
  });
  afterEach(async () => {
    for (const retention of retentions) await retention.close();
    await database.close();
  });

  const open = (policies: Record<string, object> = {}): Retention => {
    const retention = new Retention({
      records,
      policyOf: async (examId) =>
        examId !== null && policies[examId] !== undefined
          ? v.parse(ExamPolicySchema, { retention: policies[examId] })
          : null,
      dumpDir,
      intervalMs: 3_600_000,
      log,
      now: () => nowMs,
      markOf: (ms) => ({ at: new Date(ms).toISOString(), bootId: 'boot', uptimeMs: ms - endMs - leapMs }),
      onClock: (problem) => problems.push(problem),
    });
    retentions.push(retention);
    return retention;
  };

  const ended = async (sessionId: string, examId: string | null): Promise<void> => {
    const sessions = new SessionRecords(database);
    await sessions.create({ sessionId, examId, memberId: 'ada', startedAt: endedAt, actor: 'ada' });
    const ends = new SessionEndRecords(database);
    await ends.claimEnd(sessionId, 'claim', endMs, 60_000);
    const session = (await sessions.find(sessionId))!;
    const dumpFile = join(dumpDir, `${sessionId}_frames.json`);
    await writeFile(dumpFile, '{}');
    await ends.finishEnd({ session, endedAt, rulesVersion: '1', report: '{}', dumpFile, actor: 'ada' }, 'claim');
    const act = { sessionId, examId, actor: 'teacher', at: endedAt };
    await new ReviewRecords(database).review(act, { outcome: 'inconclusive', observations: [] });
  };
  const remainingOf = async (sessionId: string) => ({
    dump: await access(join(dumpDir, `${sessionId}_frames.json`)).then(
      () => true,
      () => false,
    ),
    report: (await analyses.kept(sessionId)) !== null,
    reviewed: (await new ReviewRecords(database).of(sessionId)).status === 'reviewed',
  });
  const complete = { dump: true, report: true, reviewed: true };

  test('removes requests and used links of an exam without reports, and keeps links that still open something', async () => {
    const links = new ExamLinkRecords(database);
    const requests = new StudentRequestRecords(database);
    const link = { linkId: 'l', examId: 'path-exam', createdAt: endedAt, revokedAt: null };
    const inDays = (days: number): string => new Date(endMs + days * dayMs).toISOString();
    await links.replace(
      'path-exam',
      () => [
        { ...link, studentId: 'short', expiresAt: inDays(1) },
        { ...link, studentId: 'long', expiresAt: inDays(100) },
      ],
      'tina',
    );
    const request = { requestId: 'r', studentId: 'ada', kind: 'help' as const, text: 'where?', at: endedAt };
    await requests.add('path-exam', { ...request, doneAt: null, doneBy: null }, 10);
    const retention = open({ 'path-exam': { frames_days: 2, reports_days: 10 } });
    const remaining = async () => [
      (await links.list('path-exam')).map(({ studentId }) => studentId),
      (await requests.list('path-exam')).length,
    ];
    nowMs = endMs + 10 * dayMs;
    expect(await retention.run()).toMatchObject({ studentRowsRemoved: 0 });
    expect(await remaining()).toEqual([['long', 'short'], 1]);
    nowMs += 1;
    expect(await retention.run()).toMatchObject({ studentRowsRemoved: 2 });
    expect(await remaining()).toEqual([['long'], 0]);
  });

  test('removes frames and reports when their exam’s retention is over, and not before', async () => {
    await ended('short', 'short-exam');
    await ended('forever', 'forever-exam');
    await ended('usual', null);
    const retention = open({
      'short-exam': { frames_days: 2, reports_days: 10 },
      'forever-exam': { frames_days: null, reports_days: null },
    });
    nowMs = endMs + 2 * dayMs;
    expect(await retention.run()).toMatchObject({ framesRemoved: 0, reportsRemoved: 0 });
    expect(await remainingOf('short')).toEqual(complete);
    nowMs += 1;
    expect(await retention.run()).toMatchObject({ framesRemoved: 1, reportsRemoved: 0 });
    expect(await remainingOf('short')).toEqual({ ...complete, dump: false });
    expect(await analyses.kept('short')).toMatchObject({ dumpFile: null, report: '{}' });
    nowMs = endMs + 10 * dayMs + 1;
    expect(await retention.run()).toMatchObject({ framesRemoved: 0, reportsRemoved: 1 });
    expect(await remainingOf('short')).toEqual({ dump: false, report: false, reviewed: false });
    expect(await remainingOf('usual')).toEqual(complete);
    nowMs = endMs + 366 * dayMs;
    expect(await retention.run()).toMatchObject({ framesRemoved: 0, reportsRemoved: 1 });
    expect(await remainingOf('usual')).toEqual({ dump: false, report: false, reviewed: false });
    expect(await remainingOf('forever')).toEqual(complete);
  });

  test('records in the audit what it removed and that it ran', async () => {
    await ended('audited', 'audited-exam');
    const retention = open({ 'audited-exam': { frames_days: 0, reports_days: null } });
    nowMs = endMs + 1;
    await retention.run();
    expect(await retention.lastRanAt()).toBe(new Date(nowMs).toISOString());
    const actions = (await new ReviewRecords(database).audit('audited')).map(
      ({ actor, action }) => `${actor} ${action}`,
    );
    expect(actions).toContain('system:retention frames.expired');
  });

  test('runs at the start, and again only when it is due, on any replica', async () => {
    const first = open();
    nowMs = endMs + 1000 * dayMs;
    first.start();
    await expect.poll(() => first.lastRanAt()).toBe(new Date(nowMs).toISOString());
    const ranAt = nowMs;
    nowMs += 3_599_999;
    const second = open();
    second.start();
    await second.close();
    expect(await first.lastRanAt()).toBe(new Date(ranAt).toISOString());
    nowMs += 1;
    const third = open();
    third.start();
    await expect.poll(() => first.lastRanAt()).toBe(new Date(nowMs).toISOString());
  });

  test('stops when the clock has leaped, until an operator confirms it', async () => {
    await ended('leaped', null);
    const confirm = () =>
      records.clockConfirmed({ at: new Date(nowMs).toISOString(), bootId: 'boot', uptimeMs: nowMs - endMs - leapMs });
    // Other tests record runs with later dates in this database.
    await confirm();
    const first = open();
    first.start();
    await expect.poll(() => first.lastRanAt()).toBe(new Date(nowMs).toISOString());
    nowMs += 400 * dayMs;
    leapMs = 399 * dayMs;
    const second = open();
    second.start();
    await second.close();
    expect(await remainingOf('leaped')).toEqual(complete);
    expect(problems.at(-1)).toMatch('the clock was set');

    await confirm();
    const third = open();
    third.start();
    await expect.poll(() => third.lastRanAt()).toBe(new Date(nowMs).toISOString());
    expect(await remainingOf('leaped')).toEqual({ dump: false, report: false, reviewed: false });
    expect(problems.at(-1)).toBeNull();
  });

  test('also removes the partial files of an interrupted dump', async () => {
    await ended('partial', 'partial-exam');
    await writeFile(join(dumpDir, '.partial_frames.json.0000'), '{');
    await writeFile(join(dumpDir, 'partial2_frames.json'), '{}');
    nowMs = endMs + 1;
    await open({ 'partial-exam': { frames_days: 0 } }).run();
    expect(await readdir(dumpDir)).toEqual(['partial2_frames.json']);
  });
};

afterAll(removeFolders);

describe('retention with SQLite', () => {
  contract(async () => ({ kind: 'sqlite', file: join(await makeFolder(), 'records.db') }));
});

describe('retention with Postgres', () => {
  let postgres: PostgresService;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.remove());
  contract(async () => ({ kind: 'postgres', url: postgres.url }));
});
