import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { EmbeddedFrameStore } from './embedded-frame-store.ts';
import { openFrameRedis } from './frame-redis.ts';
import type { HotFrameStore, IndexedFrame } from './hot-frame-store.ts';
import { RedisFrameStore } from './redis-frame-store.ts';

const log = pino({ level: 'silent' });
const lifetimes = { frameRetentionSeconds: 600, streamRetentionSeconds: 600 };
const startMs = Date.UTC(2026, 0, 5, 9);
const start = { links: 0, unnumbered: 0 };

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const intake = (seqs: readonly number[]) => ({
  frames: seqs.map((seq) => ({
    frame_id: String(seq),
    seq,
    timestamp: startMs + seq * 200,
    received_at: startMs + seq * 200,
    face_present: 1 as const,
  })),
  lost: [],
  lossTotals: {},
  chain: null,
});
const single = { timestamp: startMs + 50, received_at: startMs + 50, face_present: 1 } as const;

const indexOf = async (store: HotFrameStore, sessionId: string, fromMs = 0): Promise<IndexedFrame[]> => {
  const index: IndexedFrame[] = [];
  for await (const page of store.index(sessionId, fromMs)) index.push(...page);
  return index;
};
const idsOf = async (store: HotFrameStore, sessionId: string): Promise<string[]> =>
  (await indexOf(store, sessionId)).map(({ frameId }) => frameId);

afterAll(removeFolders);

/** The contract of a frame store whose frames move to an archive. */
const contract = (storeOf: () => HotFrameStore): void => {
  let store: HotFrameStore;
  let sessionId: string;
  let sessions = 0;
  beforeEach(() => {
    store = storeOf();
    sessionId = `hot-${(sessions += 1)}`;
  });

  const generationOf = async (): Promise<string> => (await store.archivedTo(sessionId))?.generation ?? '';

  test('begins a generation for a session that exists, once', async () => {
    expect(await store.archivedTo(sessionId)).toBeNull();
    await store.append(sessionId, intake([0]));
    const archived = await store.archivedTo(sessionId);
    expect(archived).toEqual({ generation: expect.stringMatching(/^[0-9a-f]{16}$/), position: start });
    expect(await store.archivedTo(sessionId)).toEqual(archived);
    await store.clear(sessionId);
    await store.append(sessionId, intake([0]));
    expect(await generationOf()).not.toBe(archived?.generation);
    await store.clear(sessionId);
  });

  test('removes archived messages and nothing else', async () => {
    await store.append(sessionId, intake(range(0, 4)));
    await store.appendNext(sessionId, { ...single });
    await store.append(sessionId, intake(range(5, 9)));
    const stateBefore = await store.stateOf(sessionId);
    const to = { links: 1, unnumbered: 1 };
    const ids = [...range(0, 4).map(String), 'srv-0'];
    expect(await store.removeArchived(sessionId, await generationOf(), { from: start, to }, ids)).toBe('removed');
    expect(await idsOf(store, sessionId)).toEqual(range(5, 9).map(String));
    expect(await store.frames(sessionId, ['0', '5', 'srv-0'])).toMatchObject([{ seq: 5 }]);
    expect(await store.linksFrom(sessionId, 0)).toBeNull();
    expect(await store.linksFrom(sessionId, 1)).toMatchObject([{ seqs: [[5, 9]] }]);
    expect(await store.linksFrom(sessionId, 2)).toEqual([]);
    expect(await store.archivedTo(sessionId)).toMatchObject({ position: to });
    // The stream itself does not change.
    expect(await store.stateOf(sessionId)).toEqual(stateBefore);
    expect(await store.append(sessionId, intake([0, 10]))).toMatchObject({ duplicates: 1, upToSeq: 10 });
    expect(await store.linksFrom(sessionId, 2)).toMatchObject([{ seqs: [[10, 10]] }]);
    await store.clear(sessionId);
  });

  test('removes nothing for a position that has moved, or a generation that is gone', async () => {
    await store.append(sessionId, intake(range(0, 4)));
    await store.append(sessionId, intake(range(5, 9)));
    const generation = await generationOf();
    const first = { from: start, to: { links: 1, unnumbered: 0 } };
    const ids = range(0, 4).map(String);
    expect(await store.removeArchived(sessionId, 'another', first, ids)).toBe('gone');
    expect(await store.removeArchived(sessionId, generation, first, ids)).toBe('removed');
    const late = { from: start, to: { links: 2, unnumbered: 0 } };
    expect(await store.removeArchived(sessionId, generation, late, range(0, 9).map(String))).toBe('moved');
    expect(await idsOf(store, sessionId)).toEqual(range(5, 9).map(String));
    await store.clear(sessionId);
    expect(await store.removeArchived(sessionId, generation, late, ids)).toBe('gone');
    expect(await store.archivedTo(sessionId)).toBeNull();
  });

  test('lists the times of its frames in order, from a time on', async () => {
    await store.append(sessionId, intake([2, 0, 1]));
    await store.appendNext(sessionId, { ...single });
    expect(await indexOf(store, sessionId)).toEqual([
      { frameId: '0', timestamp: startMs },
      { frameId: 'srv-0', timestamp: startMs + 50 },
      { frameId: '1', timestamp: startMs + 200 },
      { frameId: '2', timestamp: startMs + 400 },
    ]);
    expect(await indexOf(store, sessionId, startMs + 200)).toHaveLength(2);
    await store.clear(sessionId);
  });

  test('reads arrivals from the archived position on', async () => {
    for (const from of [0, 5, 10]) await store.append(sessionId, intake(range(from, from + 4)));
    const to = { links: 1, unnumbered: 0 };
    await store.removeArchived(sessionId, await generationOf(), { from: start, to }, range(0, 4).map(String));
    const groups: number[][] = [];
    for await (const { frames } of store.arrivals(sessionId, to)) groups.push(frames.map(({ seq }) => seq));
    expect(groups).toEqual([range(5, 9), range(10, 14)]);
    await store.clear(sessionId);
  });
};

describe('Redis', () => {
  let redis: Awaited<ReturnType<typeof startRedis>>;
  let client: ReturnType<typeof openFrameRedis>;
  let store: RedisFrameStore;
  beforeAll(async () => {
    redis = await startRedis();
    client = openFrameRedis(redis.url, log);
    await new Promise((resolve) => client.once('ready', resolve));
    store = new RedisFrameStore({ client, ...lifetimes });
  });
  afterAll(async () => {
    await store.close();
    await redis.stop();
  });
  contract(() => store);

  test('one replica at a time has the claim, until it releases it or the claim expires', async () => {
    expect(await store.claimArchiving('claimed', 'one', 60_000)).toBe(true);
    expect(await store.claimArchiving('claimed', 'one', 60_000)).toBe(true);
    expect(await store.claimArchiving('claimed', 'two', 60_000)).toBe(false);
    await store.releaseArchiving('claimed', 'two');
    expect(await store.claimArchiving('claimed', 'two', 60_000)).toBe(false);
    await store.releaseArchiving('claimed', 'one');
    expect(await store.claimArchiving('claimed', 'two', 60_000)).toBe(true);
    // As if the claim's time had passed.
    await client.pExpire('frames_archiver:claimed', 1);
    await expect.poll(() => store.claimArchiving('claimed', 'one', 60_000)).toBe(true);
    await store.releaseArchiving('claimed', 'one');
  });

  test('while Redis is full, frames still move to the archive and sessions end', async () => {
    await store.append('full', intake(range(0, 4)));
    await store.append('full', intake(range(5, 9)));
    await client.configSet('maxmemory', '1');
    try {
      expect(await store.claimArchiving('full', 'one', 60_000)).toBe(true);
      const { generation = '', position: from = start } = (await store.archivedTo('full')) ?? {};
      const to = { links: 1, unnumbered: 0 };
      expect(await store.removeArchived('full', generation, { from, to }, ['0', '1', '2', '3', '4'])).toBe('removed');
      await store.releaseArchiving('full', 'one');
      await store.seal('full', startMs);
      expect(await store.stateOf('full')).toMatchObject({ isSealed: true, frames: 10 });
      await store.retire('full', startMs);
    } finally {
      await client.configSet('maxmemory', '0');
    }
    expect(await client.keys('frame*full*')).toEqual(['frames_state:full']);
    await store.clear('full');
  });

  test('no key of a cleared session remains', async () => {
    await store.append('gone', intake(range(0, 9)));
    await store.archivedTo('gone');
    await store.clear('gone');
    expect(await client.keys('frame*gone*')).toEqual([]);
  });
});

describe('the embedded store', () => {
  let file: string;
  let store: EmbeddedFrameStore;
  const open = (): EmbeddedFrameStore => new EmbeddedFrameStore({ file, log, now: () => startMs, ...lifetimes });
  beforeAll(async () => {
    file = join(await makeFolder(), 'frames.db');
    store = open();
  });
  afterAll(() => store.close());
  contract(() => store);

  test('knows what has moved after it was closed and opened again', async () => {
    await store.append('again', intake(range(0, 9)));
    const generation = (await store.archivedTo('again'))?.generation ?? '';
    const to = { links: 1, unnumbered: 0 };
    await store.removeArchived('again', generation, { from: start, to }, range(0, 9).map(String));
    await store.close();
    store = open();
    expect(await store.archivedTo('again')).toEqual({ generation, position: to });
    expect(await idsOf(store, 'again')).toEqual([]);
    expect(await store.linksFrom('again', 0)).toBeNull();
    await store.clear('again');
  });
});
