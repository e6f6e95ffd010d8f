import { join } from 'node:path';
import type { Observation } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import { pino } from 'pino';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { systemActors } from '../model/system-actor.ts';
import { ExamRecords } from '../records/exam-records.ts';
import { ExamWorkRecords } from '../records/exam-work-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionRecords } from '../records/session-records.ts';
import { Sessions } from './sessions.ts';
import { UnobservedWork } from './unobserved-work.ts';
import { waitUntil } from '@invigil/testkit/timers/waits';

const startedMs = Date.UTC(2026, 0, 5, 9);
const log = pino({ level: 'silent' });
let nowMs: number;
const now = (): number => nowMs;
let database: RecordsDatabase;
let frames: EmbeddedFrameStore;
let analysis: RunningAnalysis;
let records: SessionRecords;
let sessions: Sessions;
let work: UnobservedWork;
let seen: { sessionId: string; observation: Observation }[];
let logged: string[];

beforeEach(async () => {
  nowMs = startedMs;
  const folder = await makeFolder();
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  const retention = { frameRetentionSeconds: 600, streamRetentionSeconds: 600 };
  frames = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...retention });
  const checkpoints = new EmbeddedCheckpointStore({
    file: join(folder, 'analysis.db'),
    retentionSeconds: 600,
    log,
    now,
  });
  const rulesOf = async () => defaultRules;
  analysis = new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf: async () => startedMs, log, now });
  records = new SessionRecords(database);
  sessions = new Sessions({ records, createOnFirstUse: false, now });
  [seen, logged] = [[], []];
  work = new UnobservedWork({
    records: tracked(records),
    sessions: tracked(sessions),
    exams: tracked(new ExamRecords(database)),
    work: tracked(new ExamWorkRecords(database)),
    analysis: tracked(analysis),
    rulesOf,
    onUnobserved: (sessionId, observation) => seen.push({ sessionId, observation }),
    log: pino({ level: 'warn' }, { write: (line) => void logged.push(JSON.parse(line).event) }),
  });
});
afterEach(async () => {
  await analysis.close();
  await frames.close();
  await database.close();
});
afterAll(removeFolders);

/** Frames of a visible student, five a second, received immediately. */
const send = async (sessionId: string, seconds: number): Promise<void> => {
  const all = Array.from({ length: seconds * 5 }, (_, seq): StoredFrame => {
    const timestamp = startedMs + seq * 200;
    return { frame_id: String(seq), seq, timestamp, received_at: timestamp, no_of_face: 1 };
  });
  await frames.append(sessionId, { frames: all, lost: [], lossTotals: {}, chain: null });
};
const end = (sessionId: string, atMs: number) =>
  database.run((db) =>
    db
      .updateTable('sessions')
      .set({ status: 'ended', ended_at: new Date(atMs).toISOString() })
      .where('session_id', '=', sessionId)
      .execute(),
  );
/** Calls in progress. */
const pending = new Set<Promise<unknown>>();
/** The same object; `done` waits for its calls. */
const tracked = <Part extends object>(part: Part): Part =>
  new Proxy(part, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        const result: unknown = Reflect.apply(value, target, args);
        if (result instanceof Promise) {
          const settled = result.catch(() => undefined).finally(() => pending.delete(settled));
          pending.add(settled);
        }
        return result;
      };
    },
  });
/** The student hands in; resolves when all resulting work is done. */
const done = async (atMs: number, studentId = 'ada'): Promise<void> => {
  work.done('physics', studentId, null, atMs);
  while (pending.size > 0) {
    await Promise.all(pending);
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('a hand-in', () => {
  test('of a student who is seen raises nothing', async () => {
    const { sessionId } = await sessions.start('physics', 'ada', 'ada');
    await send(sessionId, 60);
    await done(startedMs + 59_000);
    expect(seen).toEqual([]);
  });

  test('without any frame is one thing to look at, at its time', async () => {
    const { sessionId } = await sessions.start('physics', 'ada', 'ada');
    const atMs = startedMs + 120_000;
    await done(atMs);
    expect(seen).toEqual([
      {
        sessionId,
        observation: {
          id: `answered_unobserved-${Math.floor(atMs / 300_000)}`,
          type: 'answered_unobserved',
          from_ms: atMs,
          to_ms: atMs,
          confidence: 1,
          measured: {},
          evidence: { first: '', strongest: '', last: '' },
          frames: 0,
        },
      },
    ]);
  });

  test('and those of the next five minutes have the same id, so that they are one alert', async () => {
    await sessions.start('physics', 'ada', 'ada');
    const fromMs = Math.ceil(startedMs / 300_000) * 300_000;
    for (const afterMs of [0, 299_999, 300_000]) await done(fromMs + afterMs);
    expect(seen).toHaveLength(3);
    expect(new Set(seen.map(({ observation }) => observation.id)).size).toBe(2);
  });

  test('long after the last frame counts as unobserved', async () => {
    const { sessionId } = await sessions.start('physics', 'ada', 'ada');
    await send(sessionId, 10);
    await done(startedMs + 300_000);
    expect(seen[0]?.sessionId).toBe(sessionId);
  });
});

describe('a student without a running session', () => {
  test('was observed if the session had only just ended', async () => {
    const { sessionId } = await sessions.start('physics', 'ada', 'ada');
    await end(sessionId, startedMs + 60_000);
    await done(startedMs + 61_000);
    expect(seen).toEqual([]);
  });

  test('was not observed long after the session’s end', async () => {
    const { sessionId } = await sessions.start('physics', 'ada', 'ada');
    await end(sessionId, startedMs + 60_000);
    await done(startedMs + 600_000);
    expect(seen[0]?.sessionId).toBe(sessionId);
  });

  test('gets one in a proctored exam, in the server’s own name, so that the report shows it', async () => {
    await sessions.start('physics', 'bob', 'bob');
    await done(startedMs + 60_000);
    const [own] = await records.ofMember('physics', 'ada');
    expect(seen[0]?.sessionId).toBe(own?.sessionId);
    const audit = await database.run((db) =>
      db.selectFrom('audit').select('actor').where('session_id', '=', own!.sessionId).execute(),
    );
    expect(audit).toEqual([{ actor: systemActors.unobserved }]);
  });

  test('gets none in an exam that is not proctored', async () => {
    await done(startedMs + 60_000);
    expect(await records.ofMember('physics', 'ada')).toEqual([]);
    expect(seen).toEqual([]);
  });
});

test('records that are away are logged, and the answer is not held up', async () => {
  records.ofMember = () => Promise.reject(new Error('records away'));
  work.done('physics', 'ada', null, startedMs);
  await waitUntil(() => logged.length > 0);
  expect(logged).toEqual(['alerts.delayed']);
  expect(seen).toEqual([]);
});
