import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StoredFrame } from '@invigil/protocol/frame';
import { openBudget } from '../../test/open-budget.ts';
import { defaultRules } from '../analysis/analysis-rules.ts';
import { EmbeddedCheckpointStore } from '../analysis/embedded-checkpoint-store.ts';
import { RunningAnalysis } from '../analysis/running-analysis.ts';
import { linkOf } from '../frames/chain-hash.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { frameStoreUnavailable, recordsUnavailable } from '../model/ingest-error.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { SessionEndRecords } from '../records/session-end-records.ts';
import { SessionRecords } from '../records/session-records.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import { OutageLog } from '../telemetry/outage-log.ts';
import { SessionIntake } from './session-intake.ts';
import type { SessionIntakeOptions } from './session-intake.ts';

const log = pino({ level: 'silent' });
const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };
const startMs = Date.UTC(2026, 0, 5, 9);

let folder: string;
let sessions = 0;
/** The session of a test. */
let id: string;
let nowMs: number;
let database: RecordsDatabase;
let records: SessionRecords;
let frames: EmbeddedFrameStore;
let analysis: RunningAnalysis;
let metrics: IngestMetrics;
let stored: StoredFrame[];
let intake: SessionIntake;
const now = (): number => nowMs;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'invigil-intake-'));
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  records = new SessionRecords(database);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  id = `session-${sessions++}`;
  nowMs = startMs;
  frames = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...lifetimes });
  const checkpoints = new EmbeddedCheckpointStore({ file: join(folder, 'a.db'), retentionSeconds: 1200, log, now });
  const startedMsOf = async (): Promise<number> => startMs;
  const rulesOf = async (): Promise<typeof defaultRules> => defaultRules;
  analysis = new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf, log, now });
  metrics = createMetrics();
  stored = [];
  intake = intakeWith();
  await records.create({
    sessionId: id,
    examId: 'physics',
    memberId: 'ada',
    startedAt: new Date(startMs).toISOString(),
    actor: 'ada',
  });
});
const intakeWith = (changes: Partial<SessionIntakeOptions> = {}): SessionIntake =>
  new SessionIntake({
    frames,
    records,
    analysis,
    metrics,
    now,
    sharedNow: now,
    sharedClockErrorMs: () => 0,
    budget: openBudget(),
    onStored: async (_sessionId, list) => void stored.push(...structuredClone(list)),
    outages: new OutageLog(log, now),
    retryAfterMs: () => 700,
    onPicture: (_sessionId, { data }) =>
      data === 'AAAA' ? null : { code: 'PICTURE_REFUSED', message: 'not allowed here' },
    ...changes,
  });
afterEach(async () => {
  await analysis.close();
  await frames.close();
});

const take = (message: object) => intake.takeText(id, JSON.stringify(message));
const frame = (seq: number) => ({ seq, timestamp: startMs + seq * 200, no_of_face: 1 });
const batch = (seqs: readonly number[], rest: object = {}) => ({ type: 'batch', frames: seqs.map(frame), ...rest });
const refusedCount = async (code: string): Promise<number> => {
  const { values } = await metrics.messagesRefused.get();
  return values.find(({ labels }) => labels.code === code)?.value ?? 0;
};

describe('a hello', () => {
  test('is welcomed with where the client continues', async () => {
    await take(batch([0, 1, 5]));
    const { outcome, answers } = await take({ type: 'hello', client_time_ms: startMs });
    const { chain } = await frames.stateOf(id);
    expect(outcome).toBe('accepted');
    expect(answers).toEqual([
      { type: 'welcome', session_id: id, server_time_ms: startMs, up_to_seq: 1, highest_seq: 5, chain: chain?.head },
    ]);
  });

  test('is welcomed after its connection became the one that numbers frames', async () => {
    const order: string[] = [];
    const hello = JSON.stringify({ type: 'hello', client_time_ms: startMs, last_seq: 4 });
    const { answers } = await intake.takeText(id, hello, {
      onHello: async ({ last_seq }) => void order.push(`hello ${last_seq}`),
    });
    expect([...order, answers[0]?.type]).toEqual(['hello 4', 'welcome']);
  });
});

describe('frames', () => {
  test('are acknowledged once they are stored, and sent on', async () => {
    const { answers } = await take(batch([0, 1, 3]));
    expect(answers).toMatchObject([
      {
        type: 'ack',
        up_to_seq: 1,
        seqs: [
          [0, 1],
          [3, 3],
        ],
      },
    ]);
    expect(stored.map(({ frame_id, received_at }) => [frame_id, received_at])).toEqual([
      ['0', startMs],
      ['1', startMs],
      ['3', startMs],
    ]);
    expect(await frames.stateOf(id)).toMatchObject({ frames: 3 });
  });

  test('that came before are acknowledged and sent on again, but stored once', async () => {
    await take(batch([0, 1]));
    expect((await take(batch([0, 1]))).answers).toMatchObject([{ type: 'ack', up_to_seq: 1, seqs: [[0, 1]] }]);
    expect(await frames.stateOf(id)).toMatchObject({ frames: 2 });
    expect(stored.map(({ frame_id }) => frame_id)).toEqual(['0', '1', '0', '1']);
  });

  test('are not acknowledged if what follows them fails, so that the client sends them again', async () => {
    let fails = true;
    const once = intakeWith({
      onStored: async () => {
        if (fails) throw frameStoreUnavailable('the attendance could not be written');
      },
    });
    expect(await once.take(id, batch([0]))).toMatchObject({ outcome: 'unavailable', answers: [{ type: 'slow_down' }] });
    fails = false;
    expect(await once.take(id, batch([0]))).toMatchObject({
      outcome: 'accepted',
      answers: [{ type: 'ack', up_to_seq: 0 }],
    });
  });

  test('extend the chain that client and server both compute', async () => {
    const welcome = (await take({ type: 'hello', client_time_ms: startMs })).answers[0];
    const head = welcome?.type === 'welcome' ? welcome.chain! : '';
    const expected = linkOf(head, [frame(0), frame(1)]);
    expect((await take(batch([0, 1], { chain: expected }))).answers).toMatchObject([{ type: 'ack', chain: expected }]);
    expect((await frames.stateOf(id)).chain).toMatchObject({ links: 1, confirmed: 1 });
  });

  test('of the future are moved back to the time of arrival', async () => {
    await take({ type: 'batch', frames: [{ seq: 0, timestamp: startMs + 3_600_000, no_of_face: 1 }] });
    expect(stored[0]).toMatchObject({ timestamp: startMs, ahead_ms: 3_600_000 });
  });

  test('without a number are numbered by the server, with its time if they have none', async () => {
    expect(await take({ extracted_features: { no_of_face: 1 } })).toEqual({ outcome: 'accepted', answers: [] });
    nowMs += 500;
    await take({ extracted_features: { no_of_face: 1, timestamp: startMs + 300 } });
    expect(stored).toMatchObject([
      { frame_id: 'srv-0', seq: 0, timestamp: startMs, received_at: startMs },
      { frame_id: 'srv-1', seq: 1, timestamp: startMs + 300, received_at: startMs + 500 },
    ]);
  });

  test('that are invalid are refused alone, and their numbers settled as lost', async () => {
    const { outcome, answers } = await take({
      type: 'batch',
      frames: [frame(0), { ...frame(1), head_yaw: 9 }, frame(2)],
    });
    expect(outcome).toBe('refused');
    expect(answers).toMatchObject([
      { type: 'error', code: 'INVALID_FRAME', field: 'frames.1.head_yaw', seq: 1 },
      { type: 'ack', up_to_seq: 2 },
    ]);
    expect(await frames.stateOf(id)).toMatchObject({ frames: 2, losses: { rejected: 1 } });
    expect(await refusedCount('INVALID_FRAME')).toBe(1);
  });

  test('with too many gaps are refused as a whole', async () => {
    const { outcome, answers } = await take(batch(Array.from({ length: 300 }, (_, at) => at * 2)));
    expect(outcome).toBe('refused');
    expect(answers).toMatchObject([{ type: 'error', code: 'TOO_MANY_GAPS' }]);
    expect(await frames.stateOf(id)).toMatchObject({ frames: 0 });
  });
});

describe('frames that come faster than allowed', () => {
  const tooFast = (retryAfterMs: number) => [
    { type: 'error', code: 'RATE_EXCEEDED' },
    { type: 'slow_down', retry_after_ms: retryAfterMs, reason: 'rate' },
  ];
  const budget = {
    spend: (_limit: string, _owner: string, amount = 1) => (amount > 2 ? 1900 : null),
    refund: () => undefined,
  };

  test('are not stored, and the answer states how long to wait', async () => {
    const limited = intakeWith({ budget });
    expect(await limited.take(id, batch([0, 1, 2]))).toMatchObject({
      answers: tooFast(1900),
    });
    expect(await frames.stateOf(id)).toMatchObject({ frames: 0, losses: {} });
    expect(await limited.take(id, batch([0, 1]))).toMatchObject({ outcome: 'accepted' });
  });

  test('count against the limit though they are invalid', async () => {
    const limited = intakeWith({ budget });
    const invalid = { type: 'batch', frames: [frame(0), { seq: 1 }, { seq: 2 }] };
    expect(await limited.take(id, invalid)).toMatchObject({ answers: tooFast(1900) });
  });

  test('without a number are lost, and stated as lost', async () => {
    const limited = intakeWith({ budget: { spend: () => 20, refund: () => undefined } });
    for (let count = 0; count < 3; count += 1) {
      expect(await limited.take(id, { extracted_features: { no_of_face: 1 } })).toMatchObject({
        answers: tooFast(1000),
      });
    }
    expect(stored).toEqual([]);
    await expect.poll(async () => (await frames.stateOf(id)).losses, { timeout: 15_000 }).toEqual({ rejected: 3 });
  });

  test('without a number are counted once for all replicas, also after a restart', async () => {
    for (let replica = 1; replica <= 2; replica += 1) {
      const limited = intakeWith({ budget: { spend: () => 20, refund: () => undefined } });
      for (let count = 1; count <= 2; count += 1) {
        await limited.take(id, { extracted_features: { no_of_face: 1 } });
        await limited.writeDropped(count === 1 ? id : null);
        expect((await frames.stateOf(id)).losses).toEqual({ rejected: (replica - 1) * 2 + count });
      }
    }
  });

  test('without a number are counted though the session ends, on another replica, before they are written', async () => {
    const limited = intakeWith({ budget: { spend: () => 20, refund: () => undefined } });
    await take(batch([0]));
    for (let count = 0; count < 3; count += 1) await limited.take(id, { extracted_features: { no_of_face: 1 } });
    await frames.seal(id, now());
    nowMs += 1000;
    await limited.take(id, { extracted_features: { no_of_face: 1 } });
    await limited.writeDropped(id);
    expect(await records.noted(id)).toMatchObject({ framesRefused: 3 });
  });
});

describe('losses', () => {
  test('settle their numbers and are acknowledged', async () => {
    await take(batch([0, 3]));
    const ranges = [{ reason: 'outbox_full', seqs: [1, 2] }];
    expect((await take({ type: 'losses', counts: { outbox_full: 2 }, ranges })).answers).toMatchObject([
      { type: 'ack', up_to_seq: 3, seqs: [] },
    ]);
    expect((await frames.stateOf(id)).losses).toEqual({ outbox_full: 2 });
  });

  test('that cannot be true are refused, and settle nothing', async () => {
    const ranges = [{ reason: 'outbox_full', seqs: [0, 9_000_000] }];
    expect((await take({ type: 'losses', counts: {}, ranges })).answers).toMatchObject([
      { type: 'error', code: 'INVALID_MESSAGE', field: 'ranges.0.seqs' },
    ]);
    expect(await frames.stateOf(id)).toMatchObject({ upToSeq: -1, losses: {} });
  });
});

describe('other messages', () => {
  test('a ping is answered with the server’s time', async () => {
    expect((await take({ type: 'ping' })).answers).toEqual([{ type: 'pong', timestamp: '2026-01-05T09:00:00.000Z' }]);
  });

  test('a thumbnail is accepted or refused by the exam’s policy', async () => {
    const picture = (data: string) => ({ type: 'picture', timestamp: startMs, data });
    expect(await take(picture('AAAA'))).toEqual({ outcome: 'accepted', answers: [] });
    expect((await take(picture('BBBB'))).answers).toEqual([
      { type: 'error', code: 'PICTURE_REFUSED', message: 'not allowed here' },
    ]);
  });

  test.each([
    ['not JSON', '{"type":', 'BAD_JSON'],
    ['no known type', '{"type":"dance"}', 'INVALID_MESSAGE'],
    ['a number', '7', 'INVALID_MESSAGE'],
    ['null', 'null', 'INVALID_MESSAGE'],
    ['the id of another session', '{"session_id":"s2","no_of_face":1}', 'INVALID_MESSAGE'],
    ['the id of another session, inside', '{"frame_data":{"session_id":"s2","no_of_face":1}}', 'INVALID_MESSAGE'],
  ])('%s is refused and counted', async (_name, text, code) => {
    const { outcome, answers } = await intake.takeText(id, text);
    expect(outcome).toBe('refused');
    expect(answers).toMatchObject([{ type: 'error', code }]);
    expect(await refusedCount(code)).toBe(1);
    expect(stored).toEqual([]);
  });

  test('raw features with the connection’s own id are accepted', async () => {
    expect(await take({ session_id: id, no_of_face: 1 })).toEqual({ outcome: 'accepted', answers: [] });
  });
});

describe('a session that has ended', () => {
  const over = () => ({ outcome: 'ended', answers: [{ type: 'session_ended', session_id: id }] });

  test('accepts nothing once its stream is sealed', async () => {
    await take(batch([0]));
    await frames.seal(id, now());
    expect(await take(batch([1]))).toMatchObject(over());
    expect(await take({ extracted_features: { no_of_face: 1 } })).toMatchObject(over());
    expect(await frames.stateOf(id)).toMatchObject({ frames: 1 });
  });

  const lostCount = async (): Promise<number> => {
    const { values } = await metrics.framesLost.get();
    return values.find(({ labels }) => labels.reason === 'session_over')?.value ?? 0;
  };

  test('counts each frame once that arrived before its end, also in the metric', async () => {
    await take(batch([0, 1]));
    await frames.seal(id, now());
    await take(batch([0, 1, 2]));
    await take(batch([2, 3]));
    expect(await lostCount()).toBe(2);
    expect(await records.noted(id)).toMatchObject({ framesRefused: 2 });
  });

  test('counts frames that arrived after its end by no more than the clocks may be wrong', async () => {
    await frames.seal(id, now());
    const slow = intakeWith({ sharedClockErrorMs: () => 1000 });
    nowMs += 1000;
    await slow.takeText(id, JSON.stringify(batch([0])));
    await intake.takeText(id, JSON.stringify(batch([1])));
    expect(await records.noted(id)).toMatchObject({ framesRefused: 1 });
  });

  test('records the count with the next message if the records fail', async () => {
    class FailingOnce extends SessionRecords {
      #hasFailed = false;
      override async saveFramesRefused(sessionId: string, total: number): Promise<void> {
        if (this.#hasFailed) return super.saveFramesRefused(sessionId, total);
        this.#hasFailed = true;
        throw recordsUnavailable('no answer');
      }
    }
    const failing = intakeWith({ records: new FailingOnce(database) });
    await frames.seal(id, now());
    const message = JSON.stringify(batch([0, 1]));
    expect((await failing.takeText(id, message)).outcome).toBe('unavailable');
    // The client sends it again, after the end.
    nowMs += 5000;
    expect((await failing.takeText(id, message)).outcome).toBe('ended');
    expect(await records.noted(id)).toMatchObject({ framesRefused: 2 });
    expect(await lostCount()).toBe(2);
  });

  test('keeps none of the frames that came after another replica cleared its stream', async () => {
    const ends = new SessionEndRecords(database);
    await ends.claimEnd(id, 'claim', nowMs, 60_000);
    const session = (await records.find(id))!;
    const endedAt = new Date(nowMs).toISOString();
    await ends.finishEnd({ session, endedAt, rulesVersion: '3', report: '{}', dumpFile: 'x', actor: 'ada' }, 'claim');
    for (const message of [
      batch([0]),
      { extracted_features: { no_of_face: 1 } },
      { type: 'hello', client_time_ms: 1 },
    ]) {
      expect(await take(message)).toMatchObject(over());
      expect(await frames.stateOf(id)).toMatchObject({ frames: 0, chain: null });
    }
    expect(stored).toEqual([]);
  });

  test('keeps its frames while another replica is ending it', async () => {
    await new SessionEndRecords(database).claimEnd(id, 'claim', nowMs, 60_000);
    expect(await take(batch([0]))).toMatchObject(over());
    expect(await frames.stateOf(id)).toMatchObject({ frames: 1 });
  });
});

describe('a store that is unavailable', () => {
  test('acknowledges nothing, and states when to retry', async () => {
    await frames.close();
    const unavailable = {
      outcome: 'unavailable',
      answers: [{ type: 'slow_down', retry_after_ms: 700, reason: 'frame_store_unavailable' }],
    };
    expect(await take(batch([0]))).toEqual(unavailable);
    expect(await take({ type: 'hello', client_time_ms: startMs })).toEqual(unavailable);
    expect(await refusedCount('STORE_UNAVAILABLE')).toBe(2);
    expect(stored).toEqual([]);
  });

  test('of records does the same for losses', async () => {
    const closed = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
    await new SessionRecords(closed).find(id);
    await closed.close();
    const losses = { type: 'losses', counts: { outbox_full: 1 } };
    expect(await intakeWith({ records: new SessionRecords(closed) }).take(id, losses)).toMatchObject({
      outcome: 'unavailable',
      answers: [{ reason: 'records_unavailable' }],
    });
  });
});
