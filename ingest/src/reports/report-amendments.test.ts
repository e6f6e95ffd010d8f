import { emptyContext } from '@invigil/protocol/report';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Report } from '@invigil/protocol/report';
import { testThreads } from '../../test/dump-threads.ts';
import { defaultRules, ruleSetOf } from '../analysis/analysis-rules.ts';
import { startAnalysis } from '../analysis/analysis-state.ts';
import { reportOf } from '../analysis/session-analysis.ts';
import type { DumpThreads } from '../dump/dump-threads.ts';
import { dumpFileName, writeDump } from '../dump/frames-dump.ts';
import type { Session } from '../model/session.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { ReportAmendments } from './report-amendments.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const startedAt = isoTime(startMs);
const handedInAt = isoTime(startMs + 90_000);
let folder: string;
let database: RecordsDatabase;
let analyses: AnalysisRecords;
let ends: SessionEndRecords;
let nowMs: number;
let events: { event: string; level: number }[];
const log = pino({}, { write: (line: string) => void events.push(JSON.parse(line)) });
const now = (): number => nowMs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'invigil-amendments-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  analyses = new AnalysisRecords(database);
  ends = new SessionEndRecords(database);
  nowMs = startMs + 100_000;
  events = [];
});
afterEach(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const none = async function* <Item>(): AsyncIterable<Item[]> {};
const threads = testThreads();
afterAll(() => threads.close());

/** A session that ended before its student handed in. */
const endedSession = async (sessionId: string): Promise<Session> => {
  const records = new SessionRecords(database);
  await records.create({ sessionId, examId: 'physics', memberId: sessionId, startedAt, actor: sessionId });
  const endedAt = isoTime(startMs + 60_000);
  const basis = {
    session: {
      session_id: sessionId,
      exam_id: 'physics',
      member_id: sessionId,
      status: 'ended' as const,
      started_at: startedAt,
      ended_at: endedAt,
    },
    rules: defaultRules,
    losses: {},
    chain: null,
    endMs: startMs + 60_000,
    context: emptyContext,
  };
  const folded = startAnalysis(ruleSetOf(defaultRules), startMs);
  const dumpFile = await writeDump(folder, basis, folded, { frames: none(), links: none() });
  const report = JSON.stringify(reportOf(folded, basis));
  const session = (await records.find(sessionId))!;
  await ends.claimEnd(sessionId, 'end', startMs, 60_000);
  await ends.finishEnd({ session, endedAt, rulesVersion: defaultRules.version, report, dumpFile, actor: 'ada' }, 'end');
  return (await records.find(sessionId))!;
};

const replica = (own: DumpThreads): ReportAmendments =>
  new ReportAmendments({
    analyses,
    ends,
    dumpDir: folder,
    threads: own,
    contextOf: async () => ({ ...emptyContext, handed_in_at: handedInAt }),
    onAdded: async () => undefined,
    log,
    now,
    claimNow: now,
  });
const read = async (session: Session, own: DumpThreads = threads) =>
  replica(own).amended(session, (await analyses.kept(session.sessionId))!);
const handIn = ({ report }: { report: string }): string | null | undefined =>
  (JSON.parse(report) as Report).work?.handed_in_at;

/** The same threads; the work is done before each job begins. */
const before = (work: (name: string) => Promise<void>): DumpThreads => ({
  async run(name, data, owner) {
    await work(name);
    return threads.run(name, data, owner);
  },
});

test('an amendment renews its claim while its jobs wait and run', async () => {
  const session = await endedSession('ada');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const slow = before(async () => {
      for (let renewal = 1; renewal <= 6; renewal += 1) {
        nowMs += 20_000;
        vi.advanceTimersByTime(20_000);
        // The renewal was sent to the database before this claim.
        expect(await ends.claimAmendment('ada', 'other', nowMs, 60_000)).toBe(false);
      }
    });
    expect(await read(session, slow)).toMatchObject({ version: 2 });
  } finally {
    vi.useRealTimers();
  }
  expect(events).toEqual([]);
  expect(await ends.claimAmendment('ada', 'other', nowMs, 60_000)).toBe(true);
});

test.each(['amendReport', 'replaceAmendments'])(
  'an amendment that lost its claim before %s adds no version',
  async (job) => {
    const session = await endedSession('ada');
    const dump = await readFile(join(folder, dumpFileName('ada')), 'utf8');
    const asleep = before(async (name) => {
      if (name !== job) return;
      nowMs += 61_000;
      expect(await ends.claimAmendment('ada', 'other', nowMs, 60_000)).toBe(true);
    });
    expect(await read(session, asleep)).toMatchObject({ version: 1 });
    expect(await analyses.list('ada')).toHaveLength(1);
    expect((await readFile(join(folder, dumpFileName('ada')), 'utf8')) === dump).toBe(job === 'amendReport');
    expect(events).toMatchObject([{ event: 'report.not_amended' }]);
    // The other replica still has its claim.
    expect(await ends.keepEnd('ada', 'other', nowMs, 60_000)).toBe(true);
  },
);

test('the reports of a class are completed at once, although one user may have one job waiting', async () => {
  const own = testThreads({ requestsPerOwner: 1 });
  try {
    const sessions = await Promise.all(['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].map(endedSession));
    const reports = await Promise.all(sessions.map((session) => read(session, own)));
    expect(reports.map(handIn)).toEqual(sessions.map(() => handedInAt));
    expect(events).toEqual([]);
  } finally {
    await own.close();
  }
});

test('with a full queue the report stays as it is, and the next read completes it', async () => {
  const session = await endedSession('ada');
  const full = testThreads({ requests: 0 });
  expect(await read(session, full)).toMatchObject({ version: 1 });
  expect(events).toMatchObject([{ event: 'report.not_amended', level: 40 }]);
  expect(await read(session)).toMatchObject({ version: 2 });
});

test('a failure that a retry would repeat is logged as an error, and retried after ten minutes', async () => {
  const session = await endedSession('ada');
  const own = testThreads({ runMs: 1 });
  const amendments = replica(own);
  const readAgain = async () => amendments.amended(session, (await analyses.kept('ada'))!);
  try {
    expect(await readAgain()).toMatchObject({ version: 1 });
    nowMs += 599_000;
    expect(await readAgain()).toMatchObject({ version: 1 });
    expect(events).toMatchObject([{ event: 'report.amendment_failed', level: 50 }]);
    nowMs += 1000;
    await readAgain();
    expect(events).toHaveLength(2);
  } finally {
    await own.close();
  }
});
