import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import Database from 'libsql';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { LossReason, SeqRange } from '@invigil/protocol/channels';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { linkOf } from './chain-hash.ts';
import { EmbeddedFrameStore } from './embedded-frame-store.ts';
import { openFrameRedis } from './frame-redis.ts';
import { maxGaps } from './frame-store.ts';
import type { FrameIntake, FrameStore } from './frame-store.ts';
import type { FrameText } from './frame-text.ts';
import { RedisFrameStore } from './redis-frame-store.ts';

const log = pino({ level: 'silent' });
const retention = { frameRetentionSeconds: 600, streamRetentionSeconds: 1200 };
const startMs = Date.UTC(2026, 0, 5, 9);

const frame = (seq: number, timestamp = startMs + seq * 200): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp,
  received_at: timestamp + 40,
  no_of_face: 1,
});

const intake = (seqs: readonly number[], extra: Partial<FrameIntake> = {}): FrameIntake => ({
  frames: seqs.map((seq) => frame(seq)),
  lost: [],
  lossTotals: {},
  chain: null,
  ...extra,
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
const lost = (reason: LossReason, ...seqs: SeqRange): FrameIntake => intake([], { lost: [{ reason, seqs }] });

const idsOf = async (store: FrameStore, sessionId: string): Promise<string[]> => {
  const ids: string[] = [];
  for await (const frames of store.read(sessionId)) ids.push(...frames.map(({ frame_id }) => frame_id));
  return ids;
};

const linksOf = async (store: FrameStore, sessionId: string): Promise<ChainLink[]> => {
  const links: ChainLink[] = [];
  for await (const some of store.links(sessionId)) links.push(...some);
  return links;
};

/** The contract of every frame store. */
const contract = (open: () => Promise<FrameStore>): void => {
  let store: FrameStore;
  let sessionId: string;
  let sessions = 0;

  beforeEach(async () => {
    store = await open();
    sessionId = `sitting-${sessions++}`;
  });
  afterEach(async () => {
    await store.clear(sessionId);
    await store.close();
  });

  test('stores a batch and returns the number up to which nothing is missing', async () => {
    expect(await store.append(sessionId, intake(range(0, 4)))).toEqual({
      status: 'stored',
      // All frames of one message have the same receipt.
      stored: intake(range(0, 4)).frames.map((each) => ({ ...each, received_at: startMs + 40 })),
      position: { links: 1, unnumbered: 0 },
      duplicates: 0,
      upToSeq: 4,
      chain: expect.stringMatching(/^[0-9a-f]{64}$/),
      first: true,
    });
    expect(await store.append(sessionId, intake(range(5, 6)))).toMatchObject({ upToSeq: 6, first: false });
    expect(await store.stateOf(sessionId)).toMatchObject({ upToSeq: 6, highestSeq: 6, losses: {}, frames: 7 });
  });

  test('chains batches from a nonce, and records which heads the client had sent', async () => {
    const { chain: chainBefore, first } = await store.openStream(sessionId);
    expect({ chainBefore, first }).toMatchObject({
      chainBefore: { links: 0, frames: 0, head: chainBefore.nonce },
      first: true,
    });
    expect(chainBefore.nonce).toMatch(/^[0-9a-f]{64}$/);
    const one = linkOf(
      chainBefore.nonce,
      range(0, 4).map((seq) => frame(seq)),
    );
    expect(await store.append(sessionId, intake(range(0, 4), { chain: one }))).toMatchObject({
      chain: one,
      first: false,
    });
    const two = linkOf(one, [frame(5), frame(7)]);
    expect(await store.append(sessionId, intake([7, 5]))).toMatchObject({ chain: two });
    const state = { nonce: chainBefore.nonce, head: two, links: 2, confirmed: 1, frames: 7 };
    expect((await store.openStream(sessionId)).chain).toEqual(state);
    expect((await store.stateOf(sessionId)).chain).toEqual(state);
    expect(await linksOf(store, sessionId)).toEqual([
      { link: one, seqs: [[0, 4]], confirmed: true },
      {
        link: two,
        seqs: [
          [5, 5],
          [7, 7],
        ],
        confirmed: false,
      },
    ]);
  });

  test('covers each frame by exactly one link, despite repeats and concurrent writers', async () => {
    const other = await open();
    await store.append(sessionId, intake(range(0, 9)));
    await other.append(sessionId, intake(range(8, 12)));
    // This writer still has the head that it computed itself.
    await store.append(sessionId, intake(range(11, 14)));
    await other.append(sessionId, intake(range(0, 14)));
    await Promise.all(range(15, 34).map((seq) => (seq % 2 === 0 ? store : other).append(sessionId, intake([seq]))));
    await store.append(sessionId, lost('outbox_full', 35, 35));
    await other.append(sessionId, intake([35, 36]));
    await other.close();
    const { chain } = await store.stateOf(sessionId);
    let head = chain?.nonce ?? '';
    const covered: number[] = [];
    for (const { link, seqs } of await linksOf(store, sessionId)) {
      const numbers = seqs.flatMap(([from, to]) => range(from, to));
      head = linkOf(
        head,
        numbers.map((seq) => frame(seq)),
      );
      expect(link).toBe(head);
      covered.push(...numbers);
    }
    expect(head).toBe(chain?.head);
    expect(covered.toSorted((a, b) => a - b)).toEqual([...range(0, 34), 36]);
    expect(chain).toMatchObject({ frames: 36, confirmed: 0 });
  });

  test('stores nothing when a batch arrives twice', async () => {
    const before = await store.append(sessionId, intake(range(0, 9)));
    expect(await store.append(sessionId, intake(range(5, 9)))).toEqual({
      ...before,
      stored: [],
      duplicates: 5,
      first: false,
    });
    expect(await idsOf(store, sessionId)).toEqual(range(0, 9).map(String));
  });

  test('keeps one frame of a batch that repeats a number', async () => {
    expect(await store.append(sessionId, intake([0, 1, 1, 0]))).toMatchObject({ stored: { length: 2 }, duplicates: 2 });
    expect(await idsOf(store, sessionId)).toEqual(['0', '1']);
  });

  test('closes a gap when the missing frames arrive', async () => {
    expect(await store.append(sessionId, intake([0, 1, 5, 6]))).toMatchObject({ upToSeq: 1 });
    expect(await store.append(sessionId, intake([3]))).toMatchObject({ upToSeq: 1 });
    expect(await store.stateOf(sessionId)).toMatchObject({ upToSeq: 1, highestSeq: 6 });
    expect(await store.append(sessionId, intake([2, 4]))).toMatchObject({ upToSeq: 6 });
  });

  test('settles numbers that are reported lost, once, but not those that are stored', async () => {
    await store.append(sessionId, intake([0, 1, 4]));
    expect(await store.append(sessionId, lost('outbox_full', 1, 3))).toMatchObject({
      stored: { length: 0 },
      upToSeq: 4,
    });
    await store.append(sessionId, lost('outbox_full', 1, 3));
    expect(await store.stateOf(sessionId)).toMatchObject({ losses: { outbox_full: 2 }, frames: 3 });
  });

  test('takes the greater of numbered losses and the client’s totals', async () => {
    await store.append(sessionId, intake([0], { lost: [{ reason: 'rejected', seqs: [1, 2] }] }));
    const totals = { rejected: 1, engine_stalled: 7 };
    await store.append(sessionId, intake([], { lossTotals: totals }));
    await store.append(sessionId, intake([], { lossTotals: { ...totals, engine_stalled: 5 } }));
    expect((await store.stateOf(sessionId)).losses).toEqual({ rejected: 2, engine_stalled: 7 });
  });

  test('adds what each process dropped to the losses, however often it is repeated and in whatever order', async () => {
    await store.append(sessionId, intake([0], { lost: [{ reason: 'rejected', seqs: [1, 2] }] }));
    const dropped = (writer: string, total: number) =>
      store.append(sessionId, intake([], { dropped: { writer, total } }));
    for (const [writer, total] of [
      ['a', 3],
      ['b', 4],
      ['a', 5],
      ['a', 3],
      ['b', 4],
    ] as const)
      await dropped(writer, total);
    expect(await store.stateOf(sessionId)).toMatchObject({
      losses: { rejected: 11 },
      dropped: { a: 5, b: 4 },
      frames: 1,
    });
  });

  test('reads in the order of analysis: by time, then by number', async () => {
    const together = [frame(10, startMs), frame(9, startMs), frame(2, startMs), frame(1, startMs - 1)];
    await store.append(sessionId, { ...intake([]), frames: together });
    expect(await idsOf(store, sessionId)).toEqual(['1', '2', '9', '10']);
  });

  test('reads in order across chunks, also where many frames share a timestamp', async () => {
    for (let from = 0; from < 2400; from += 400) {
      const frames = range(from, from + 399).map((seq) => frame(seq, startMs + Math.floor(seq / 600)));
      await store.append(sessionId, { ...intake([]), frames });
    }
    expect(await idsOf(store, sessionId)).toEqual(range(0, 2399).map(String));
  });

  test('reads from a given time', async () => {
    await store.append(sessionId, intake(range(0, 9)));
    const ids: string[] = [];
    for await (const frames of store.read(sessionId, startMs + 1500)) ids.push(...frames.map((f) => f.frame_id));
    expect(ids).toEqual(['8', '9']);
  });

  test('numbers documented single frames itself, independently of the client’s numbers', async () => {
    const single = { timestamp: startMs, received_at: startMs, face_present: 1 } as const;
    expect(await store.appendNext(sessionId, single)).toMatchObject({
      status: 'stored',
      frameId: 'srv-0',
      first: true,
    });
    await store.append(sessionId, intake([0]));
    expect(await store.appendNext(sessionId, { ...single, timestamp: startMs + 1 })).toMatchObject({
      frameId: 'srv-1',
      first: false,
    });
    expect(await store.stateOf(sessionId)).toMatchObject({ upToSeq: 0, frames: 3 });
    const frames: StoredFrame[] = [];
    for await (const chunk of store.read(sessionId)) frames.push(...chunk);
    expect(frames).toContainEqual({ ...single, frame_id: 'srv-0', seq: 0 });
    const texts: FrameText[] = [];
    for await (const chunk of store.readTexts(sessionId)) texts.push(...chunk);
    const position = ({ timestamp, seq, frame_id }: StoredFrame) => ({ timestamp, seq, frame_id });
    expect(texts).toEqual(frames.map((each) => ({ ...position(each), text: JSON.stringify(each) })));
  });

  test('accepts nothing after the seal, and keeps earlier frames', async () => {
    await store.append(sessionId, intake([0, 1]));
    await store.seal(sessionId, startMs);
    await store.seal(sessionId, startMs + 1000);
    const sealed = { status: 'sealed', sealedAtMs: startMs };
    expect(await store.append(sessionId, intake([2]))).toEqual(sealed);
    expect(await store.appendNext(sessionId, { timestamp: startMs, received_at: startMs })).toEqual(sealed);
    expect(await store.openStream(sessionId)).toMatchObject({ isSealed: true });
    expect(await idsOf(store, sessionId)).toEqual(['0', '1']);
  });

  test('counts each refused number once that is neither stored nor reported lost, also after the frames were removed', async () => {
    await store.append(sessionId, intake([0, 1]));
    await store.append(sessionId, lost('outbox_full', 4, 5));
    expect(await store.refuse(sessionId, { seqs: [[6, 6]], unnumbered: 1 })).toEqual({ total: 0, added: 0 });
    await store.seal(sessionId, startMs);
    expect(await store.refuse(sessionId, { seqs: [[0, 3]], unnumbered: 0 })).toEqual({ total: 2, added: 2 });
    expect(await store.refuse(sessionId, { seqs: [[2, 6]], unnumbered: 0 })).toEqual({ total: 3, added: 1 });
    // What was stored and lost stays as it is.
    expect(await store.stateOf(sessionId)).toMatchObject({ frames: 2, losses: { outbox_full: 2 }, refused: 3 });
    await store.retire(sessionId, startMs + 1000);
    expect(await idsOf(store, sessionId)).toEqual([]);
    expect(await linksOf(store, sessionId)).toEqual([]);
    expect(await store.stateOf(sessionId)).toMatchObject({ frames: 0, chain: null, losses: {}, isSealed: true });
    expect(await store.append(sessionId, intake([7]))).toEqual({ status: 'sealed', sealedAtMs: startMs });
    expect(await store.refuse(sessionId, { seqs: [[0, 7]], unnumbered: 2 })).toEqual({ total: 6, added: 3 });
    await store.retire(sessionId, startMs);
    expect(await store.refuse(sessionId, { seqs: [[0, 7]], unnumbered: 0 })).toEqual({ total: 6, added: 0 });
  });

  test('refuses further frames of a session that was retired without a seal', async () => {
    await store.retire(sessionId, startMs);
    expect(await store.append(sessionId, intake([0]))).toEqual({ status: 'sealed', sealedAtMs: startMs });
    expect(await store.refuse(sessionId, { seqs: [[0, 0]], unnumbered: 0 })).toEqual({ total: 1, added: 1 });
  });

  test('a batch that races with a seal is stored completely or not at all', async () => {
    const batches = range(0, 39).map((n) => store.append(sessionId, intake(range(n * 5, n * 5 + 4))));
    await store.seal(sessionId, startMs);
    const stored = (await Promise.all(batches)).filter(({ status }) => status === 'stored').length;
    expect(await idsOf(store, sessionId)).toHaveLength(stored * 5);
  });

  test('has nothing of a session that was cleared', async () => {
    await store.append(sessionId, intake(range(0, 1200 - 1).slice(0, 500)));
    await store.append(sessionId, intake(range(500, 700), { lossTotals: { outbox_full: 1 } }));
    await store.seal(sessionId, startMs);
    await store.clear(sessionId);
    expect(await idsOf(store, sessionId)).toEqual([]);
    expect(await store.stateOf(sessionId)).toMatchObject({
      upToSeq: -1,
      highestSeq: -1,
      chain: null,
      losses: {},
      frames: 0,
    });
    expect(await linksOf(store, sessionId)).toEqual([]);
    expect(await store.append(sessionId, intake([0]))).toMatchObject({ first: true });
  });

  test('keeps sessions separate', async () => {
    await store.append(sessionId, intake([0]));
    await store.append(`${sessionId}-b`, intake([0, 1]));
    expect(await idsOf(store, sessionId)).toEqual(['0']);
    await store.clear(`${sessionId}-b`);
    expect(await idsOf(store, sessionId)).toEqual(['0']);
  });

  test('refuses a batch with more gaps than it can track, and stores nothing of it', async () => {
    const scattered = range(0, maxGaps).map((n) => n * 2);
    await expect(store.append(sessionId, intake(scattered))).rejects.toMatchObject({ reason: 'too_many_gaps' });
    expect(await idsOf(store, sessionId)).toEqual([]);
  });

  test('stores numbers near the largest exact integer', async () => {
    const seq = Number.MAX_SAFE_INTEGER - 1;
    await store.append(sessionId, { ...intake([]), frames: [frame(seq, startMs)] });
    await store.append(sessionId, lost('outbox_full', 0, seq - 1));
    expect((await store.stateOf(sessionId)).upToSeq).toBe(seq);
    expect(await store.append(sessionId, { ...intake([]), frames: [frame(seq, startMs)] })).toMatchObject({
      duplicates: 1,
    });
  });

  test('gives the same result for any order, repetition and batching', async () => {
    const seqs = range(0, 19);
    const step = fc.record({
      frames: fc.array(fc.constantFrom(...seqs), { maxLength: 8 }),
      lost: fc.option(fc.tuple(fc.constantFrom(...seqs), fc.nat(4)), { nil: null }),
    });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), async (steps) => {
        const id = `${sessionId}-${run++}`;
        const stored = new Set<number>();
        const given = new Set<number>();
        for (const { frames, lost: lostRange } of steps) {
          const before = stored.size;
          for (const seq of frames) if (!given.has(seq)) stored.add(seq);
          const seqRange: SeqRange | null = lostRange === null ? null : [lostRange[0], lostRange[0] + lostRange[1]];
          const result = await store.append(
            id,
            intake(frames, { lost: seqRange === null ? [] : [{ reason: 'outbox_full', seqs: seqRange }] }),
          );
          if (seqRange !== null) for (const seq of range(...seqRange)) if (!stored.has(seq)) given.add(seq);
          let upTo = -1;
          while (stored.has(upTo + 1) || given.has(upTo + 1)) upTo++;
          expect(result).toMatchObject({ stored: { length: stored.size - before }, upToSeq: upTo });
        }
        expect(await idsOf(store, id)).toEqual([...stored].sort((a, b) => a - b).map(String));
        expect((await store.stateOf(id)).losses).toEqual(given.size === 0 ? {} : { outbox_full: given.size });
        await store.clear(id);
      }),
      { numRuns: 60 },
    );
  });
};

describe('embedded', () => {
  let folder: string;
  let nowMs = startMs;

  const open = (): EmbeddedFrameStore =>
    new EmbeddedFrameStore({ file: join(folder, 'data', 'frames.db'), log, now: () => nowMs, ...retention });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'invigil-frames-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  describe('every frame store', () => {
    contract(async () => open());
  });

  test('has everything after it was closed and opened again', async () => {
    const before = open();
    await before.append('again', intake(range(0, 9)));
    const links = await linksOf(before, 'again');
    await before.seal('again', startMs);
    await before.close();
    const after = open();
    expect(await idsOf(after, 'again')).toHaveLength(10);
    expect(await linksOf(after, 'again')).toEqual(links);
    expect(await after.stateOf('again')).toMatchObject({ upToSeq: 9, chain: { head: links[0]?.link } });
    expect(await after.append('again', intake([10]))).toEqual({ status: 'sealed', sealedAtMs: startMs });
    await after.clear('again');
    await after.close();
  });

  test('drops frames after their retention, and the stream’s state later, but not before sessions can end after a start', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const store = open();
    await store.append('old', intake([0, 1]));
    nowMs += (retention.frameRetentionSeconds + 1) * 1000;
    await store.close();
    const later = open();
    expect(await idsOf(later, 'old')).toEqual(['0', '1']);
    vi.advanceTimersByTime(600_000);
    vi.useRealTimers();
    expect(await idsOf(later, 'old')).toEqual([]);
    expect(await later.stateOf('old')).toMatchObject({ upToSeq: 1 });
    expect(await later.append('old', intake([1]))).toMatchObject({ duplicates: 1 });
    await later.clear('old');
    await later.close();
  });

  test('a stream that an older version sealed accepts nothing, and counts nothing as refused in time', async () => {
    const before = open();
    await before.append('s1', intake([0]));
    await before.close();
    const older = new Database(join(folder, 'data', 'frames.db'));
    older.exec(`UPDATE streams SET state = json_set(state, '$.sealed', json('true')) WHERE session_id = 's1'`);
    older.close();
    const store = open();
    expect(await store.stateOf('s1')).toMatchObject({ isSealed: true, frames: 1 });
    expect(await store.append('s1', intake([1]))).toEqual({ status: 'sealed', sealedAtMs: 0 });
    await store.clear('s1');
    await store.close();
  });

  test('fails with unavailable when its file can be read but not written', async () => {
    const store = open();
    await store.append('locked', intake([0]));
    const other = new Database(join(folder, 'data', 'frames.db'));
    other.exec('BEGIN IMMEDIATE');
    await expect(store.check()).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    expect(await idsOf(store, 'locked')).toEqual(['0']);
    other.exec('ROLLBACK');
    await store.check();
    other.close();
    await store.clear('locked');
    await store.close();
  });

  test('fails with unavailable once it is closed', async () => {
    const store = open();
    await store.close();
    await store.close();
    await expect(store.append('late', intake([0]))).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
  });
});

describe('redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;

  const open = async (): Promise<RedisFrameStore> => {
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    return new RedisFrameStore({ client, ...retention, commandTimeoutMs: 500 });
  };

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.stop());

  // Its store would still be reconnecting after a test below that stops Redis.
  describe('every frame store', () => {
    contract(open);
  });

  test('uses the documented keys, which expire', async () => {
    const store = await open();
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    await store.append('demo_session', intake([0, 1]));
    expect((await client.keys('frame*')).toSorted()).toEqual([
      'frame_meta:demo_session:0',
      'frame_meta:demo_session:1',
      'frames_links:demo_session',
      'frames_meta:demo_session',
      'frames_state:demo_session',
    ]);
    expect(await client.zRangeWithScores('frames_meta:demo_session', 0, -1)).toEqual([
      { value: '0', score: startMs },
      { value: '1', score: startMs + 200 },
    ]);
    expect(JSON.parse((await client.get('frame_meta:demo_session:1')) ?? '')).toEqual({
      ...frame(1),
      received_at: startMs + 40,
    });
    for (const key of ['frames_meta:demo_session', 'frame_meta:demo_session:0']) {
      const seconds = await client.ttl(key);
      expect(seconds).toBeGreaterThan(retention.frameRetentionSeconds - 10);
      expect(seconds).toBeLessThanOrEqual(retention.frameRetentionSeconds);
    }
    await store.clear('demo_session');
    expect(await client.keys('frame*')).toEqual([]);
    await client.close();
    await store.close();
  });

  test('fails at once while Redis is unavailable, and recovers by itself', async () => {
    const store = await open();
    await store.append('cut', intake([0]));
    await redis.stop();
    await expect(store.append('cut', intake([1]))).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    await expect(store.check()).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    await redis.start();
    await expect
      .poll(
        () =>
          store.check().then(
            () => 'ok',
            () => 'away',
          ),
        { timeout: 10_000 },
      )
      .toBe('ok');
    // This Redis kept nothing, so the session starts again.
    expect(await store.append('cut', intake([0, 1]))).toMatchObject({ stored: { length: 2 }, first: true });
    await store.clear('cut');
    await store.close();
  });

  test('stores nothing and reports it while Redis is out of memory, and recovers by itself', async () => {
    const store = await open();
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    await store.append('memory', intake([0]));
    await client.configSet('maxmemory', '1');
    await expect(store.append('memory', intake([1, 2]))).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    await expect(store.check()).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    await client.configSet('maxmemory', '0');
    await store.check();
    expect(await idsOf(store, 'memory')).toEqual(['0']);
    expect(await store.append('memory', intake([1, 2]))).toMatchObject({ stored: { length: 2 }, upToSeq: 2 });
    expect((await store.stateOf('memory')).chain).toMatchObject({ links: 2, frames: 3 });
    await store.clear('memory');
    await client.close();
    await store.close();
  });

  test('warns if Redis may evict acknowledged frames', async () => {
    const warned: unknown[] = [];
    const listening = pino({ level: 'warn' }, { write: (line) => void warned.push(JSON.parse(line)) });
    const client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    await client.configSet('maxmemory-policy', 'allkeys-lru');
    const other = openFrameRedis(redis.url, listening);
    await expect
      .poll(() => warned, { timeout: 10_000 })
      .toMatchObject([{ event: 'redis.may_evict', policy: 'allkeys-lru' }]);
    await client.configSet('maxmemory-policy', 'noeviction');
    await client.close();
    await other.close();
  });

  test('times out if Redis does not answer', async () => {
    const store = await open();
    redis.pause();
    await expect(store.append('hung', intake([0]))).rejects.toMatchObject({ reason: 'frame_store_unavailable' });
    redis.resume();
    await expect.poll(() => store.append('hung', intake([0])).catch(() => null)).toMatchObject({ upToSeq: 0 });
    expect(await idsOf(store, 'hung')).toEqual(['0']);
    await store.clear('hung');
    await store.close();
  });
});
