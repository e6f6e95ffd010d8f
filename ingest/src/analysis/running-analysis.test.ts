import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { foldFrames } from '@invigil/protocol/report';
import type { Features, StoredFrame } from '@invigil/protocol/frame';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import { startPosition } from '../frames/frame-store.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';
import { frameStoreUnavailable } from '../model/ingest-error.ts';
import { ruleSetOf } from './analysis-rules.ts';
import type { AnalysisRules } from './analysis-rules.ts';
import { checkpointForm } from './checkpoint-store.ts';
import type { CheckpointStore } from './checkpoint-store.ts';
import { EmbeddedCheckpointStore } from './embedded-checkpoint-store.ts';
import { startAnalysis } from './analysis-state.ts';
import { RedisCheckpointStore } from './redis-checkpoint-store.ts';
import { RunningAnalysis } from './running-analysis.ts';

const log = pino({ level: 'silent' });
const startMs = Date.UTC(2026, 0, 5, 9);
const retention = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };

const calm: Features = { no_of_face: 1, phone_present: 0, head_yaw: 0, head_pitch: 0 };
const phone: Features = { ...calm, phone_present: 1, phone_conf: 60 };
const frame = (seq: number, features: Features = calm, timestamp = startMs + seq * 200): StoredFrame => ({
  ...features,
  frame_id: String(seq),
  seq,
  timestamp,
  received_at: timestamp + 40,
});
const sessionFrames = (count: number): StoredFrame[] =>
  Array.from({ length: count }, (_, seq) => frame(seq, seq % 100 > 60 ? phone : calm));

/** Version 2 analyses by time and inserts late frames in their place. Version 3 has its own tests. */
const defaultRules: AnalysisRules = { version: '2', accommodations: [] };
const otherRules: AnalysisRules = { version: '1', accommodations: [] };
const set = ruleSetOf(defaultRules);
const startedMsOf = async (): Promise<number> => startMs;

const intake = (frames: readonly StoredFrame[]) => ({ frames, lost: [], lossTotals: {}, chain: null });

interface Stores {
  frames: FrameStore;
  checkpoints: CheckpointStore;
}

const contract = (stores: () => Stores): void => {
  let sessions = 0;
  const begin = (now: () => number = () => startMs, rulesOf = async (): Promise<AnalysisRules> => defaultRules) => {
    const { frames, checkpoints } = stores();
    const analysis = () => new RunningAnalysis({ frames, checkpoints, rulesOf, startedMsOf, log, now });
    return { sessionId: `analysed-${sessions++}`, frames, checkpoints, analysis };
  };

  test('gives the same result for any order, batching, repetition and number of replicas', async () => {
    const all = sessionFrames(260);
    const expected = JSON.stringify(foldFrames(all, set));
    // Adjacent frames swap when two connections deliver at once; after hours offline, any order is possible.
    const neighbours = all.map((_, at) => all[at ^ 1] ?? all[at]!);
    const any = fc.shuffledSubarray(all, { minLength: all.length });
    const orders = fc.oneof(fc.constant(all), fc.constant(neighbours), any);
    const parts = fc.array(fc.record({ size: fc.integer({ min: 1, max: 90 }), replica: fc.boolean() }), {
      minLength: 3,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(parts, orders, fc.boolean(), async (batches, order, repeated) => {
        const { sessionId, frames, analysis } = begin();
        const replicas = [analysis(), analysis()] as const;
        let at = 0;
        for (const { size, replica } of [...batches, { size: all.length, replica: true }]) {
          const batch = order.slice(repeated ? Math.max(0, at - 20) : at, at + size);
          at += size;
          const { stored } = (await frames.append(sessionId, intake(batch))) as { stored: readonly StoredFrame[] };
          const by = replicas[replica ? 1 : 0];
          void by.stored(sessionId, stored, startPosition);
          await by.advance();
        }
        const { folded } = await replicas[0].analyze(sessionId, defaultRules);
        expect(JSON.stringify(folded.state)).toBe(expected);
        await frames.clear(sessionId);
        await replicas[0].clear(sessionId);
      }),
      { numRuns: 15 },
    );
  });

  test('leaves nothing behind of a session that is cleared during its analysis', async () => {
    const { sessionId, frames, checkpoints } = begin();
    await frames.append(sessionId, intake(sessionFrames(60)));
    const clearedFirst: CheckpointStore = {
      load: (id) => checkpoints.load(id),
      async save(id, checkpoint, revision) {
        await frames.clear(id);
        await checkpoints.clear(id);
        return checkpoints.save(id, checkpoint, revision);
      },
      clear: (id) => checkpoints.clear(id),
      close: async () => undefined,
    };
    const racing = new RunningAnalysis({
      frames,
      checkpoints: clearedFirst,
      rulesOf: async () => defaultRules,
      startedMsOf,
      log,
      now: () => startMs,
    });
    void racing.stored(sessionId, sessionFrames(60), startPosition);
    await racing.advance();
    expect(await checkpoints.load(sessionId)).toBeNull();
    await frames.append(sessionId, intake(sessionFrames(60)));
    await racing.analyze(sessionId, defaultRules);
    expect(await checkpoints.load(sessionId)).toBeNull();
    await racing.close();
  });

  test('analyses a session although its checkpoint cannot be saved', async () => {
    const { sessionId, frames, checkpoints } = begin();
    await frames.append(sessionId, intake(sessionFrames(400)));
    const full: CheckpointStore = {
      load: (id) => checkpoints.load(id),
      save: async () => {
        throw frameStoreUnavailable('out of memory');
      },
      clear: (id) => checkpoints.clear(id),
      close: async () => undefined,
    };
    const options = {
      frames,
      checkpoints: full,
      rulesOf: async () => defaultRules,
      startedMsOf,
      log,
      now: () => startMs,
    };
    const running = new RunningAnalysis(options);
    expect((await running.analyze(sessionId, defaultRules)).folded.state.frames).toBe(400);
    await running.close();
    await frames.clear(sessionId);
  });

  test('reads only the frames after its checkpoint', async () => {
    const { sessionId, frames, analysis } = begin();
    const running = analysis();
    await frames.append(sessionId, intake(sessionFrames(400)));
    void running.stored(sessionId, sessionFrames(400), startPosition);
    await running.advance();
    await frames.append(sessionId, intake([frame(400), frame(401)]));
    let read = 0;
    const counting: FrameStore = {
      ...methodsOf(frames),
      async *read(id, fromMs) {
        for await (const chunk of frames.read(id, fromMs)) {
          read += chunk.length;
          yield chunk;
        }
      },
    };
    const { checkpoints } = stores();
    const counted = new RunningAnalysis({
      frames: counting,
      checkpoints,
      rulesOf: async () => defaultRules,
      startedMsOf,
      log,
      now: () => startMs,
    });
    const { folded } = await counted.analyze(sessionId, defaultRules);
    expect(folded.state.frames).toBe(402);
    // The checkpoint's last frame is read again, because another frame may have the same timestamp.
    expect(read).toBe(3);
  });

  test('analyses all frames again if one belongs before the checkpoint', async () => {
    const { sessionId, frames, analysis } = begin();
    const running = analysis();
    const late = frame(300, phone, startMs + 10);
    await frames.append(sessionId, intake(sessionFrames(300)));
    await running.analyze(sessionId, defaultRules);
    await frames.append(sessionId, intake([late]));
    const { folded } = await running.analyze(sessionId, defaultRules);
    expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames([...sessionFrames(300), late], set)));
  });

  test('keeps frames behind a gap out of the checkpoint until the gap is settled', async () => {
    const { sessionId, frames, checkpoints, analysis } = begin();
    const running = analysis();
    const all = sessionFrames(120);
    await frames.append(sessionId, intake(all.filter(({ seq }) => seq !== 70)));
    await running.analyze(sessionId, defaultRules);
    expect((await checkpoints.load(sessionId))?.checkpoint.folded.state.frames).toBe(70);
    await frames.append(sessionId, intake([all[70]!]));
    const { folded } = await running.analyze(sessionId, defaultRules);
    expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames(all, set)));
  });

  test('outlives expired frames', async () => {
    const { sessionId, frames, analysis } = begin();
    const running = analysis();
    const all = sessionFrames(200);
    await frames.append(sessionId, intake(all));
    await running.analyze(sessionId, defaultRules);
    await frames.append(sessionId, intake([frame(200)]));
    const expired: FrameStore = {
      ...methodsOf(frames),
      async *read(id, fromMs) {
        for await (const chunk of frames.read(id, Math.max(fromMs ?? 0, startMs + 150 * 200))) yield chunk;
      },
    };
    const { checkpoints } = stores();
    const later = new RunningAnalysis({
      frames: expired,
      checkpoints,
      rulesOf: async () => defaultRules,
      startedMsOf,
      log,
      now: () => startMs,
    });
    // Other rules cannot be run over expired frames, so the checkpoint's rules stay in use.
    for (const rules of [defaultRules, otherRules]) {
      const { folded, rules: used } = await later.analyze(sessionId, rules);
      expect(used).toEqual(defaultRules);
      expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames([...all, frame(200)], set)));
    }
  });

  test('saves a checkpoint after 50 frames or, at the latest, 10 s', async () => {
    let nowMs = startMs;
    const { sessionId, frames, checkpoints, analysis } = begin(() => nowMs);
    const running = analysis();
    const folded = async () => (await checkpoints.load(sessionId))?.checkpoint.folded.state.frames ?? 0;
    const store = async (from: number, to: number): Promise<void> => {
      await frames.append(sessionId, intake(sessionFrames(to).slice(from)));
      void running.stored(sessionId, sessionFrames(to).slice(from), startPosition);
      await running.advance();
    };
    await store(0, 49);
    expect(await folded()).toBe(0);
    await store(49, 50);
    expect(await folded()).toBe(50);
    await store(50, 51);
    await running.advance();
    expect(await folded()).toBe(50);
    nowMs += 10_000;
    await running.advance();
    expect(await folded()).toBe(51);
  });

  test('changes to other rules when they apply, and keeps them', async () => {
    let current = defaultRules;
    const { sessionId, frames, checkpoints, analysis } = begin(undefined, async () => current);
    const running = analysis();
    await frames.append(sessionId, intake(sessionFrames(200)));
    await running.analyze(sessionId, defaultRules);
    current = otherRules;
    const { folded, rules } = await running.analyze(sessionId, otherRules);
    expect(rules).toEqual(otherRules);
    expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames(sessionFrames(200), ruleSetOf(otherRules))));
    await frames.append(sessionId, intake(sessionFrames(260).slice(200)));
    void running.stored(sessionId, sessionFrames(260).slice(200), startPosition);
    await running.advance();
    expect(await checkpoints.load(sessionId)).toMatchObject({
      checkpoint: { rules: otherRules, folded: { state: { frames: 260 } } },
    });
  });

  test('does not read frames again that this replica stored, for checkpoints or the report', async () => {
    const { sessionId, frames, checkpoints } = begin();
    let read = 0;
    const counting: FrameStore = {
      ...methodsOf(frames),
      async *read(id, fromMs) {
        for await (const chunk of frames.read(id, fromMs)) {
          read += chunk.length;
          yield chunk;
        }
      },
    };
    const running = new RunningAnalysis({
      frames: counting,
      checkpoints,
      rulesOf: async () => defaultRules,
      startedMsOf,
      log,
      now: () => startMs,
    });
    const all = sessionFrames(300);
    for (let from = 0; from < all.length; from += 60) {
      const batch = all.slice(from, from + 60);
      await frames.append(sessionId, intake(batch));
      void running.stored(sessionId, batch, startPosition);
      await running.advance();
    }
    // The first frames of a session are read once, because nothing is in memory yet.
    expect(read).toBe(60);
    expect((await checkpoints.load(sessionId))?.checkpoint.folded.state.frames).toBe(300);
    const { folded } = await running.analyze(sessionId, defaultRules);
    expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames(all, set)));
    expect(read).toBe(60);
  });

  test('notices frames that another replica stored', async () => {
    const { sessionId, frames, analysis } = begin();
    const running = analysis();
    const all = sessionFrames(120);
    await frames.append(sessionId, intake(all.slice(0, 60)));
    void running.stored(sessionId, all.slice(0, 60), startPosition);
    await running.advance();
    await frames.append(sessionId, intake(all.slice(60)));
    const { folded } = await running.analyze(sessionId, defaultRules);
    expect(JSON.stringify(folded.state)).toBe(JSON.stringify(foldFrames(all, set)));
  });

  test('starts again for a session that was cleared and restarted, although its old state is in memory', async () => {
    const { sessionId, frames, checkpoints, analysis } = begin();
    const running = analysis();
    await frames.append(sessionId, intake(sessionFrames(60)));
    void running.stored(sessionId, sessionFrames(60), startPosition);
    await running.advance();
    await frames.clear(sessionId);
    await checkpoints.clear(sessionId);
    await frames.append(sessionId, intake(sessionFrames(10)));
    const { folded } = await running.analyze(sessionId, defaultRules);
    expect(folded.state.frames).toBe(10);
  });

  test('a slow replica cannot overwrite a newer checkpoint', async () => {
    const { sessionId, checkpoints } = begin();
    const checkpoint = { form: checkpointForm, rules: defaultRules, folded: startAnalysis(set, startMs) };
    const newer = { ...checkpoint, folded: { ...startAnalysis(set, startMs), clockOffsetMs: 7 } };
    expect(await checkpoints.save(sessionId, checkpoint, 0)).toBe(true);
    expect(await checkpoints.save(sessionId, newer, 1)).toBe(true);
    expect(await checkpoints.save(sessionId, checkpoint, 1)).toBe(false);
    expect(await checkpoints.save(sessionId, checkpoint, 0)).toBe(false);
    expect(await checkpoints.load(sessionId)).toEqual({ checkpoint: newer, revision: 2 });
    await checkpoints.clear(sessionId);
    expect(await checkpoints.load(sessionId)).toBeNull();
  });
};

const methodsOf = (store: FrameStore): FrameStore => ({
  openStream: (id) => store.openStream(id),
  append: (id, frames) => store.append(id, frames),
  appendNext: (id, next) => store.appendNext(id, next),
  stateOf: (id) => store.stateOf(id),
  seal: (id, atMs) => store.seal(id, atMs),
  refuse: (id, refused) => store.refuse(id, refused),
  retire: (id, atMs) => store.retire(id, atMs),
  read: (id, fromMs) => store.read(id, fromMs),
  readTexts: (id) => store.readTexts(id),
  arrivals: (id, from) => store.arrivals(id, from),
  links: (id) => store.links(id),
  clear: (id) => store.clear(id),
  check: () => store.check(),
  close: () => store.close(),
});

describe('running analysis beside embedded frames', () => {
  let folder: string;
  let stores: Stores;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-analysis-'));
    const now = () => startMs;
    stores = {
      frames: new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...retention }),
      checkpoints: new EmbeddedCheckpointStore({ file: join(folder, 'analysis.db'), retentionSeconds: 600, log, now }),
    };
  });
  afterAll(async () => {
    await stores.checkpoints.close();
    await stores.frames.close();
    await rm(folder, { recursive: true, force: true });
  });
  contract(() => stores);
});

describe('running analysis beside frames in Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let stores: Stores;
  beforeAll(async () => {
    redis = await startRedis();
    const client = openFrameRedis(redis.url, log);
    if (!client.isReady) await new Promise((resolve) => client.once('ready', resolve));
    stores = {
      frames: new RedisFrameStore({ client, ...retention }),
      checkpoints: new RedisCheckpointStore(client, 600),
    };
  });
  afterAll(async () => {
    await stores.frames.close();
    await redis.stop();
  });
  contract(() => stores);
});
