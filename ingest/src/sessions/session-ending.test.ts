import { emptyContext } from '@invigil/protocol/report';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { testThreads } from '../../test/dump-threads.ts';
import { openDumpThreads } from '../dump/dump-threads.ts';
import type { DumpThreads } from '../dump/dump-threads.ts';
import { dumpFileName } from '../dump/frames-dump.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { isoTime } from '../time/iso-time.ts';
import { SessionEnding } from './session-ending.ts';
import { Sessions } from './sessions.ts';

const log = pino({ level: 'silent' });
const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };

/** Frames whose reading pauses halfway until the test resumes it, as on a machine that sleeps. */
class StallingFrames extends EmbeddedFrameStore {
  stall: Promise<void> | null = null;
  stalled: () => void = () => undefined;

  override async *links(sessionId: string): AsyncIterable<ChainLink[]> {
    const { stall } = this;
    this.stall = null;
    if (stall !== null) {
      this.stalled();
      await stall;
    }
    yield* super.links(sessionId);
  }
}

let folder: string;
let nowMs: number;
let database: RecordsDatabase;
let frames: StallingFrames;
let analysis: RunningAnalysis;
const now = (): number => nowMs;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-ending-'));
  nowMs = Date.UTC(2026, 0, 5, 9);
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  frames = new StallingFrames({ file: join(folder, 'frames.db'), log, now, ...lifetimes });
  const checkpoints = new EmbeddedCheckpointStore({
    file: join(folder, 'analysis.db'),
    retentionSeconds: 1200,
    log,
    now,
  });
  analysis = new RunningAnalysis({
    frames,
    checkpoints,
    rulesOf: async () => defaultRules,
    startedMsOf: async () => now(),
    log,
    now,
  });
});
afterEach(async () => {
  await analysis.close();
  await frames.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const threads = testThreads();
afterAll(() => threads.close());

const replica = (
  records: SessionRecords,
  rulesOf = async (_sessionId: string) => defaultRules,
  own: DumpThreads = threads,
): SessionEnding =>
  new SessionEnding({
    records,
    ends: new SessionEndRecords(database),
    frames,
    analysis,
    rulesOf,
    contextOf: async () => emptyContext,
    dumpDir: join(folder, 'dumps'),
    threads: own,
    sessionLifetimeSeconds: 3600,
    isClockTrusted: async () => true,
    maxWaitForMessagesMs: 2000,
    log,
    now,
    claimNow: now,
    sign: async () => undefined,
    onEnded: async () => undefined,
  });

test('an end that takes longer than its claim renews it, so no other replica takes over', async () => {
  const records = new SessionRecords(database);
  const ends = new SessionEndRecords(database);
  const session = await new Sessions({ records, createOnFirstUse: false, now }).start('physics', 'ada', 'ada');
  const frame = { frame_id: '0', seq: 0, timestamp: nowMs, received_at: nowMs, no_of_face: 1 };
  await frames.append(session.sessionId, { frames: [frame], lost: [], lossTotals: {}, chain: null });
  let proceed: () => void = () => undefined;
  frames.stall = new Promise((resolve) => (proceed = resolve));
  const isWriting = new Promise<void>((resolve) => (frames.stalled = resolve));
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    const end = replica(records).end(session, 'ada');
    await isWriting;
    for (let renewal = 1; renewal <= 6; renewal += 1) {
      nowMs += 20_000;
      vi.advanceTimersByTime(20_000);
      // The renewal was sent to the database before this claim.
      expect(await ends.claimEnd(session.sessionId, 'other', nowMs, 60_000)).toBe(false);
    }
    proceed();
    await end;
  } finally {
    vi.useRealTimers();
  }
  expect(await records.find(session.sessionId)).toMatchObject({ status: 'ended' });
});

test('a replica that wakes up during an end leaves the dump of the replica that took over alone', async () => {
  const records = new SessionRecords(database);
  const session = await new Sessions({ records, createOnFirstUse: false, now }).start('physics', 'ada', 'ada');
  const taken = Array.from({ length: 20 }, (_, seq) => ({
    frame_id: String(seq),
    seq,
    timestamp: nowMs + seq * 200,
    received_at: nowMs + seq * 200,
    no_of_face: 1,
  }));
  await frames.append(session.sessionId, { frames: taken, lost: [], lossTotals: {}, chain: null });

  let wake: () => void = () => undefined;
  frames.stall = new Promise((resolve) => (wake = resolve));
  const asleep = new Promise<void>((resolve) => (frames.stalled = resolve));
  const first = replica(records).end(session, 'ada');
  await asleep;
  nowMs += 61_000;
  await replica(records).end(session, 'sweep');
  const dump = (): string => readFileSync(join(folder, 'dumps', dumpFileName(session.sessionId)), 'utf8');
  const whole = dump();
  expect(JSON.parse(whole)).toMatchObject({ frames: { length: 20 }, links: { length: 1 } });

  wake();
  await expect(first).rejects.toMatchObject({ reason: 'end_in_progress' });
  expect(dump()).toBe(whole);
  expect(readdirSync(join(folder, 'dumps'))).toEqual([dumpFileName(session.sessionId)]);
});

test('an end parses only those frames that its observer needs, and writes all as they are stored', async () => {
  const records = new SessionRecords(database);
  const session = await new Sessions({ records, createOnFirstUse: false, now }).start('physics', 'ada', 'ada');
  const sent = Array.from({ length: 1200 }, (_, seq) => ({
    frame_id: String(seq),
    seq,
    timestamp: nowMs + seq * 200,
    received_at: nowMs + seq * 200,
    no_of_face: 1,
    ...(seq === 700 ? { page_violations: [{ type: 'TAB_SWITCH' as const, timestamp: nowMs }] } : {}),
  }));
  for (let from = 0; from < sent.length; from += 400) {
    const message = { frames: sent.slice(from, from + 400), lost: [], lossTotals: {}, chain: null };
    const result = await frames.append(session.sessionId, message);
    if (result.status !== 'stored') throw new Error('not stored');
    await analysis.stored(session.sessionId, result.stored, result.position);
    await analysis.loaded(session.sessionId);
  }
  const stored: StoredFrame[] = [];
  for await (const chunk of frames.read(session.sessionId)) stored.push(...chunk);
  const seen: StoredFrame[] = [];
  const ending = replica(records);
  ending.observeEnds(() => ({
    field: 'page_violations',
    onFrames: (some) => void seen.push(...some),
    onRead: async () => undefined,
  }));
  const parse = vi.spyOn(JSON, 'parse');
  try {
    await ending.end(session, 'ada');
    expect(parse.mock.calls.filter(([text]) => text.includes('"no_of_face"'))).toHaveLength(1);
  } finally {
    parse.mockRestore();
  }
  expect(seen).toEqual([stored[700]]);
  const dump = readFileSync(join(folder, 'dumps', dumpFileName(session.sessionId)), 'utf8');
  expect(dump).toContain(`"frames":[\n${stored.map((frame) => JSON.stringify(frame)).join(',\n')}\n],`);
});

/** A session with 20 frames that ended, in a store whose backup was made before: it runs and has 8 of its frames. */
const restoredSession = async () => {
  const records = new SessionRecords(database);
  const { sessionId } = await new Sessions({ records, createOnFirstUse: false, now }).start('physics', 'ada', 'ada');
  const startMs = nowMs;
  const append = (count: number): Promise<unknown> => {
    const sent = Array.from({ length: count }, (_, seq) => {
      const timestamp = startMs + seq * 200;
      return { frame_id: String(seq), seq, timestamp, received_at: timestamp, no_of_face: 1 };
    });
    return frames.append(sessionId, { frames: sent, lost: [], lossTotals: {}, chain: null });
  };
  const file = join(folder, 'dumps', dumpFileName(sessionId));
  const kept = async () => (await new AnalysisRecords(database).kept(sessionId, null))!.report;
  await append(20);
  await replica(records).end((await records.find(sessionId))!, 'ada');
  const [dump, report] = [readFileSync(file, 'utf8'), await kept()];
  expect(JSON.parse(report)).toMatchObject({ integrity: { frames: 20 } });
  await database.run(async (db) => {
    for (const table of ['exam_analyses', 'report_summaries'] as const) await db.deleteFrom(table).execute();
    await db.updateTable('sessions').set({ status: 'running', ended_at: null, frames_cleared_at: null }).execute();
  });
  await frames.clear(sessionId);
  await append(8);
  nowMs += 86_400_000;
  return { records, find: async () => (await records.find(sessionId))!, file, dump, report, kept };
};

test('a session that ended during a backup keeps its dump and report after the restore', async () => {
  const { records, find, file, dump, report, kept } = await restoredSession();
  // Too many other ends wait for a thread.
  const full = testThreads({ ends: 0 });
  const refused = replica(records, undefined, full).end(await find(), 'ada');
  await expect(refused).rejects.toMatchObject({ reason: 'end_in_progress' });
  expect(await find()).toMatchObject({ status: 'ending' });
  await replica(records).sweep();
  expect(readFileSync(file, 'utf8')).toBe(dump);
  expect(await kept()).toBe(report);
  expect((await find()).endedAt).toBe(JSON.parse(dump).session.ended_at);
});

test('a dump that a thread cannot read is kept, and the report is made from the stored frames', async () => {
  const { records, find, file, kept } = await restoredSession();
  // A dump that needs more memory than the thread may use.
  const page = ' '.repeat(200);
  const lines = Array.from({ length: 100_000 }, (_, seq) => `{"frame_id":"${seq}","seq":${seq},"page":"${page}"}`);
  const [head = '', end = ''] = readFileSync(file, 'utf8').split(/(?<="frames":\[)[^]*(?=\n\],\n"links")/);
  const large = `${head}\n${lines.join(',\n')}${end}`;
  writeFileSync(file, large);
  const small = testThreads({ memoryMb: 24 });
  try {
    await replica(records, undefined, small).end(await find(), 'ada');
  } finally {
    await small.close();
  }
  expect(await find()).toMatchObject({ status: 'ended', endedAt: JSON.parse(large).session.ended_at });
  expect(JSON.parse(await kept())).toMatchObject({ integrity: { frames: 8 } });
  expect(readFileSync(file, 'utf8') === large).toBe(true);
});

test('while no thread can start, an end that needs the dump is repeated later', async () => {
  const { records, find, dump, file, report, kept } = await restoredSession();
  const broken = openDumpThreads({
    work: 'analyses',
    threads: 1,
    threadArguments: ['--import', './missing.js'],
    limits: { requests: 20, requestsPerOwner: 4 },
  });
  const refused = replica(records, undefined, broken).end(await find(), 'ada');
  await expect(refused).rejects.toMatchObject({ reason: 'end_in_progress' });
  await broken.close();
  await replica(records).sweep();
  expect(readFileSync(file, 'utf8')).toBe(dump);
  expect(await kept()).toBe(report);
});

test('a damaged dump is replaced', async () => {
  const { records, find, file, dump, kept } = await restoredSession();
  writeFileSync(file, dump.replace('"frame_id":"12"', '"frame_id":"12'));
  await replica(records).end(await find(), 'ada');
  expect(JSON.parse(await kept())).toMatchObject({ integrity: { frames: 8 } });
  expect(JSON.parse(readFileSync(file, 'utf8')).frames).toHaveLength(8);
});

test('a longer dump of an earlier session with the same id is replaced', async () => {
  const records = new SessionRecords(database);
  const file = join(folder, 'dumps', dumpFileName('own'));
  for (const frameCount of [5, 2]) {
    await records.create({ sessionId: 'own', examId: null, memberId: null, startedAt: isoTime(nowMs), actor: 'ada' });
    const sent = Array.from({ length: frameCount }, (_, seq) => ({
      frame_id: String(seq),
      seq,
      timestamp: nowMs + seq,
      received_at: nowMs,
    }));
    await frames.append('own', { frames: sent, lost: [], lossTotals: {}, chain: null });
    await replica(records).end((await records.find('own'))!, 'ada');
    expect(JSON.parse(readFileSync(file, 'utf8')).frames).toHaveLength(frameCount);
    await database.run(async (db) => {
      for (const table of ['exam_analyses', 'report_summaries', 'sessions'] as const)
        await db.deleteFrom(table).execute();
    });
    await frames.clear('own');
    nowMs += 86_400_000;
  }
});

test('any number of sessions that cannot be ended do not delay the others', async () => {
  const records = new SessionRecords(database);
  const sessionFrames = { examId: null, memberId: null, startedAt: new Date(nowMs).toISOString(), actor: 'ada' };
  for (let count = 0; count < 60; count += 1) await records.create({ ...sessionFrames, sessionId: `broken-${count}` });
  await records.create({ ...sessionFrames, sessionId: 'fine' });
  nowMs += 3_601_000;
  const ending = replica(records, async (sessionId) => {
    if (sessionId !== 'fine') throw new Error('cannot be analysed');
    return defaultRules;
  });
  await ending.sweep();
  expect(await records.find('fine')).toMatchObject({ status: 'ended' });
  expect(await records.find('broken-0')).toMatchObject({ status: 'ending' });
});
