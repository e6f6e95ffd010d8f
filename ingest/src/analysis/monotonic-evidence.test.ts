import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { emptyContext, makeReport, observationsOf } from '@invigil/protocol/report';
import type { SessionContext, SessionState } from '@invigil/protocol/report';
import type { Observation } from '@invigil/protocol/rules';
import type { StoredFrame } from '@invigil/protocol/frame';
import { propertySeed } from '@invigil/testkit/property-seed';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';
import { foldAll } from '../dump/analyze-dump.ts';
import { defaultRules, ruleSetOf } from './analysis-rules.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { EmbeddedCheckpointStore } from './embedded-checkpoint-store.ts';
import { RedisCheckpointStore } from './redis-checkpoint-store.ts';
import { RunningAnalysis } from './running-analysis.ts';

const numRuns = Number(process.env['INVIGIL_PROPERTY_RUNS'] ?? 40);
const log = pino({ level: 'silent' });
const startMs = Date.UTC(2026, 0, 5, 9);
const retention = { frameRetentionSeconds: 1e6, streamRetentionSeconds: 1e6 };
const set = ruleSetOf(defaultRules);

/** One message or pause of an honest or hostile client. */
const action = fc.record({
  replica: fc.nat(1),
  kind: fc.constantFrom(
    'live',
    'live',
    'live',
    'backlog',
    'backdated',
    'before',
    'future',
    'hole',
    'single',
    'again',
    'losses',
    'wait',
    'reconnect',
    'answer',
    'hand_in',
    'end',
  ),
  count: fc.integer({ min: 1, max: 25 }),
  phone: fc.boolean(),
});
type Action = typeof action extends fc.Arbitrary<infer Value> ? Value : never;

/** A client that numbers its frames; `nextMs` is the time of its next honest frame. */
interface Client {
  seq: number;
  nowMs: number;
  sent: StoredFrame[];
}

const frameAt = (seq: number, timestamp: number, receivedMs: number, phone: boolean): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp,
  received_at: receivedMs,
  no_of_face: 1,
  phone_present: phone ? 1 : 0,
  phone_conf: 90,
});

/** The frames of an action; advances the client's clock. */
const framesOf = (client: Client, { kind, count, phone }: Action): StoredFrame[] => {
  const make = (timestampOf: (at: number) => number): StoredFrame[] =>
    Array.from({ length: count }, (_, at) => frameAt(client.seq++, timestampOf(at), client.nowMs, phone));
  switch (kind) {
    case 'live':
    case 'backlog': {
      const fromMs = client.nowMs;
      client.nowMs += count * 200 + (kind === 'backlog' ? 60_000 : 0);
      return make((at) => fromMs + at * 200);
    }
    case 'backdated':
      return make((at) => client.nowMs - 10_000 + at * 50);
    case 'before':
      return make((at) => startMs - 3_600_000 + at * 200);
    case 'future':
      return make((at) => client.nowMs + 3_600_000 + at * 200);
    case 'hole':
      client.seq += 2;
      return make((at) => client.nowMs + at);
    case 'again':
      return client.sent.slice(-count).map((frame) => ({ ...frame, phone_present: phone ? 1 : 0 }));
    default:
      return [];
  }
};

const store = async (frames: FrameStore, sessionId: string, replica: RunningAnalysis, client: Client, step: Action) => {
  if (step.kind === 'wait') client.nowMs += step.count * 4000;
  if (step.kind === 'losses') {
    const lost = [
      { reason: 'engine_stalled' as const, seqs: [client.seq, client.seq + step.count] as [number, number] },
    ];
    client.seq += step.count;
    await frames.append(sessionId, { frames: [], lost, lossTotals: {}, chain: null });
  }
  if (step.kind === 'single') {
    const single = { timestamp: client.nowMs, received_at: client.nowMs, no_of_face: 1, phone_present: 0 } as const;
    const stored = await frames.appendNext(sessionId, single);
    if (stored.status !== 'stored') return;
    const seq = Number(stored.frameId.slice('srv-'.length));
    const frame = { ...single, frame_id: stored.frameId, seq, received_at: stored.receivedAt };
    await replica.stored(sessionId, [frame], stored.position);
  }
  const sent = framesOf(client, step).map((frame) => ({ ...frame, received_at: client.nowMs }));
  if (sent.length === 0) return;
  const stored = await frames.append(sessionId, { frames: sent, lost: [], lossTotals: {}, chain: null });
  if (stored.status !== 'stored' || stored.stored.length === 0) return;
  client.sent.push(...stored.stored);
  await replica.stored(sessionId, stored.stored, stored.position);
};

interface Known {
  observations: Map<string, { from_ms: number; to_ms: number }>;
  liveMs: number;
}

/** What the records store besides frames: alerts as raised, answers, the hand-in. Nothing removes them. */
const recordsOf = (raised: ReadonlyMap<string, Observation>, work: Work): SessionContext => ({
  ...emptyContext,
  breaks_allowed: false,
  handed_in_at: work.handedInMs === null ? null : new Date(work.handedInMs).toISOString(),
  answers: work.answersMs.map((atMs, at) => ({
    question_id: `q${at}`,
    question_number: at + 1,
    at: new Date(atMs).toISOString(),
    chain: null,
  })),
  alerts: [...raised.values()].map((observation) => ({
    observation_id: observation.id,
    type: observation.type,
    from_ms: observation.from_ms,
    to_ms: observation.to_ms,
    raised_at: new Date(startMs).toISOString(),
  })),
});

interface Work {
  answersMs: number[];
  handedInMs: number | null;
}

/** The current report has each observation, alert and answer, and covers no more time than has passed. */
const demandReported = (state: SessionState, known: Known, context: SessionContext, nowMs: number): void => {
  const report = makeReport(state, {
    session: {
      session_id: 's',
      exam_id: 'e',
      member_id: 'm',
      status: 'ended',
      started_at: new Date(startMs).toISOString(),
      ended_at: new Date(nowMs).toISOString(),
    },
    integrity: { frames_lost: 0, losses: {}, chain: null },
    endMs: nowMs,
    set,
    accommodations: [],
    weights: null,
    context,
  });
  const ids = new Set(report.observations.map(({ id }) => id));
  for (const id of known.observations.keys()) expect(ids.has(id), `${id} is not in the report`).toBe(true);
  expect(report.alerts).toHaveLength(context.alerts.length);
  expect(report.alerts!.every(({ supported }) => supported)).toBe(true);
  expect(report.work!.questions).toHaveLength(context.answers.length);
  if (report.coverage === null) return;
  const { duration_s: duration, observed_s: observed, live_s: live, not_observed_s: missing } = report.coverage;
  expect(duration).toBeLessThanOrEqual((nowMs - startMs) / 1000 + 0.001);
  expect(observed).toBeLessThanOrEqual(duration + 0.001);
  expect(live).toBeLessThanOrEqual(observed + 0.001);
  const missingS = Object.values(missing).reduce((sum, seconds) => sum + seconds, 0);
  expect(observed + missingS).toBeCloseTo(duration, 1);
};

/** Everything reported before is still reported, and no total exceeds the elapsed time. */
const demandMonotonic = (before: Known, state: SessionState, nowMs: number): Known => {
  const observations = new Map(observationsOf(state, set).map((observation) => [observation.id, observation]));
  for (const [id, { from_ms, to_ms }] of before.observations) {
    const now = observations.get(id);
    expect(now, `${id} is gone`).toBeDefined();
    expect(now!.from_ms).toBe(from_ms);
    expect(now!.to_ms).toBeGreaterThanOrEqual(to_ms);
  }
  const { liveMs, lateMs } = state.evidence!.coverage;
  expect(liveMs).toBeGreaterThanOrEqual(before.liveMs);
  // A client's clock may be ahead by 30 s; the report cuts that at the session's end.
  expect(liveMs + lateMs).toBeLessThanOrEqual(nowMs - startMs + 30_000);
  return { observations, liveMs };
};

/** A replica closes its stores when it stops, but these are shared. */
const keptOpen = (checkpoints: CheckpointStore): CheckpointStore => ({
  load: (id) => checkpoints.load(id),
  save: (id, checkpoint, revision) => checkpoints.save(id, checkpoint, revision),
  clear: (id) => checkpoints.clear(id),
  close: async () => undefined,
});

const property = (stores: () => { frames: FrameStore; checkpoints: CheckpointStore }): void => {
  let sessions = 0;
  test(
    'no later message removes an observation',
    async () => {
      // A fixed name for reporters that compare runs; the seed is printed whether the property holds or not.
      console.log(`monotonic evidence: ${numRuns} runs, INVIGIL_PROPERTY_SEED=${propertySeed}`);
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 2, maxLength: 12 }), async (steps) => {
          const sessionId = `monotonic-${sessions++}`;
          const { frames, checkpoints } = stores();
          const client: Client = { seq: 0, nowMs: startMs, sent: [] };
          const raised = new Map<string, Observation>();
          const work: Work = { answersMs: [], handedInMs: null };
          let isSealed = false;
          let sealedFrames: number | null = null;
          const replicas = [0, 1].map(() => {
            const replica = new RunningAnalysis({
              frames,
              checkpoints: keptOpen(checkpoints),
              rulesOf: async () => defaultRules,
              startedMsOf: async () => startMs,
              log,
              now: () => client.nowMs,
            });
            replica.onObservation(({ event, observation }) => {
              if (event === 'opened' && !raised.has(observation.id)) raised.set(observation.id, observation);
            });
            return replica;
          });
          let known: Known = { observations: new Map(), liveMs: 0 };
          for (const step of steps) {
            const replica = replicas[step.replica]!;
            switch (step.kind) {
              case 'reconnect':
                // Sent to this replica, which may have missed frames that the other one stored.
                replica.invalidate(sessionId);
                break;
              case 'answer':
                work.answersMs.push(client.nowMs);
                break;
              case 'hand_in':
                work.handedInMs ??= client.nowMs;
                break;
              case 'end':
                isSealed ||= step.count > 20;
                if (isSealed) await frames.seal(sessionId, startMs);
                break;
              default:
                await store(frames, sessionId, replica, client, step);
            }
            const { folded, stream } = await replica.analyze(sessionId, defaultRules);
            if (isSealed) sealedFrames ??= stream.frames;
            expect(stream.frames).toBeLessThanOrEqual(sealedFrames ?? Infinity);
            known = demandMonotonic(known, folded.state, client.nowMs);
            demandReported(folded.state, known, recordsOf(raised, work), client.nowMs);
          }
          for (const id of raised.keys()) expect(known.observations.has(id), `${id} was raised`).toBe(true);
          const stored: StoredFrame[] = [];
          for await (const chunk of frames.read(sessionId)) stored.push(...chunk);
          const again = JSON.stringify(foldAll(stored, defaultRules, startMs).state);
          for (const replica of replicas) {
            expect(JSON.stringify((await replica.analyze(sessionId, defaultRules)).folded.state)).toBe(again);
            await replica.close();
          }
          await frames.clear(sessionId);
          await checkpoints.clear(sessionId);
        }),
        { numRuns, seed: propertySeed },
      );
    },
    20_000 + numRuns * 250,
  );
};

describe('embedded', () => {
  let folder: string;
  let stores: { frames: FrameStore; checkpoints: CheckpointStore };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-monotonic-'));
    const now = Date.now;
    stores = {
      frames: new EmbeddedFrameStore({ file: join(folder, 'frames.db'), ...retention, log, now }),
      checkpoints: new EmbeddedCheckpointStore({ file: join(folder, 'analysis.db'), retentionSeconds: 1e6, log, now }),
    };
  });
  afterAll(async () => {
    await stores.frames.close();
    await stores.checkpoints.close();
    await rm(folder, { recursive: true, force: true });
  });
  property(() => stores);
});

describe('redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let stores: { frames: FrameStore; checkpoints: CheckpointStore };
  beforeAll(async () => {
    redis = await startRedis();
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    stores = {
      frames: new RedisFrameStore({ client, ...retention }),
      checkpoints: new RedisCheckpointStore(client, 1e6),
    };
  });
  afterAll(async () => {
    await stores.frames.close();
    await redis.stop();
  });
  property(() => stores);
});
