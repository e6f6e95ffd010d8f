import { emptyContext } from '@invigil/protocol/report';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { testThreads } from '../../test/dump-threads.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { AnalysisRecords } from '../records/analysis-records.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { SessionEnding } from '../sessions/session-ending.ts';
import { Sessions } from '../sessions/sessions.ts';
import { defaultRules } from '../analysis/analysis-rules.ts';
import type { AnalysisRules } from '../analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { SessionReports } from './session-reports.ts';

const now = Date.now;
const log = pino({ level: 'silent' });
const retention = { frameRetentionSeconds: 600, streamRetentionSeconds: 600 };

const frame = (seq: number): StoredFrame => {
  const timestamp = now() + seq * 200;
  return { frame_id: String(seq), seq, timestamp, received_at: timestamp, no_of_face: 1 };
};

test('a session that ends while its report is made gets the report of its end', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'invigil-reports-'));
  const database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  const frames = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...retention });
  const checkpoints = new EmbeddedCheckpointStore({
    file: join(folder, 'analysis.db'),
    retentionSeconds: 600,
    log,
    now,
  });
  const rulesOf = async (): Promise<AnalysisRules> => defaultRules;
  const analysis = new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf: async () => now(), log, now });
  onTestFinished(async () => {
    await analysis.close();
    await frames.close();
    await database.close();
    await rm(folder, { recursive: true });
  });
  const records = new SessionRecords(database);
  const sessions = new Sessions({ records, createOnFirstUse: false, now });
  const ending = new SessionEnding({
    records,
    ends: new SessionEndRecords(database),
    frames,
    analysis,
    rulesOf,
    contextOf: async () => emptyContext,
    dumpDir: join(folder, 'dumps'),
    threads: testThreads(),
    sessionLifetimeSeconds: 600,
    isClockTrusted: async () => true,
    maxWaitForMessagesMs: 2000,
    log,
    now,
    claimNow: now,
    sign: async () => undefined,
    onEnded: async () => undefined,
  });
  const session = await sessions.start('physics', 'ada', 'teacher');
  await frames.append(session.sessionId, {
    frames: Array.from({ length: 10 }, (_, seq) => frame(seq)),
    lost: [],
    lossTotals: {},
    chain: null,
  });
  const analyses = new AnalysisRecords(database);
  const reports = new SessionReports({
    sessions,
    analysis,
    analyses,
    ending,
    dumpDir: join(folder, 'dumps'),
    threads: testThreads(),
    // Between finding the session and reading its frames.
    contextOf: async () => emptyContext,
    amendments: { amended: async (_session, newest) => newest },
    async rulesOf() {
      await ending.end(session, 'teacher');
      return defaultRules;
    },
    onAdded: async () => undefined,
    now,
  });
  const newest = await reports.newest(session);
  expect(newest).toEqual(await analyses.kept(session.sessionId));
  expect(JSON.parse(newest?.report ?? '')).toMatchObject({ session: { status: 'ended' }, integrity: { frames: 10 } });
});
