import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { startRedis } from '@invigil/testkit/services/redis-service';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import type { ChainLink, StoredFrame } from '@invigil/protocol/frame';
import type { ArrivalGroup } from '../frames/arrivals.ts';
import { linkOf } from '../frames/chain-hash.ts';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { openFrameRedis } from '../frames/frame-redis.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import type { FrameText } from '../frames/frame-text.ts';
import type { HotFrameStore } from '../frames/hot-frame-store.ts';
import { RedisFrameStore } from '../frames/redis-frame-store.ts';
import { archiveUnavailable } from '../model/ingest-error.ts';
import { RecordsDatabase } from '../records/records-database.ts';
import { ArchivedFrameStore } from './archived-frame-store.ts';
import { openBlockThreads } from './block-threads.ts';
import { FolderArchive } from './folder-archive.ts';
import { FrameArchiver } from './frame-archiver.ts';
import type { FrameArchiverOptions } from './frame-archiver.ts';
import type { BlockInfo, FrameArchive } from './frame-archive.ts';
import { RecordsArchive } from './records-archive.ts';

const log = pino({ level: 'silent' });
const codec = openBlockThreads(sourceArguments);
const lifetimes = { frameRetentionSeconds: 6000, streamRetentionSeconds: 6000 };
const retentionMs = 120_000;
const startMs = Date.UTC(2026, 0, 5, 9);
let nowMs = startMs;
const now = (): number => nowMs;

const collect = async <Item>(chunks: AsyncIterable<Item[]>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const chunk of chunks) all.push(...chunk);
  return all;
};
const groupsOf = async (store: FrameStore, sessionId: string): Promise<ArrivalGroup[]> => {
  const groups: ArrivalGroup[] = [];
  for await (const group of store.arrivals(sessionId)) groups.push(group);
  return groups;
};
const textsOf = (frames: readonly StoredFrame[]): string[] => frames.map((frame) => JSON.stringify(frame));

const batch = (seqs: readonly number[], timestampOf = (seq: number) => startMs + seq * 200) => ({
  frames: seqs.map((seq): StoredFrame => ({
    frame_id: String(seq),
    seq,
    timestamp: timestampOf(seq),
    received_at: nowMs,
    head_yaw: seq / 1000,
  })),
  lost: [],
  lossTotals: {},
  chain: null,
});
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** A real archive that fails when it is told to. */
class FailingArchive extends FolderArchive {
  fails: 'before' | 'after' | null = null;

  override async put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo> {
    if (this.fails === 'before') throw archiveUnavailable('switched off');
    const stored = await super.put(sessionId, info, body);
    if (this.fails === 'after') throw archiveUnavailable('switched off');
    return stored;
  }
}

/** The archive, with something that happens before a block is stored. */
const withPut = (archive: FrameArchive, before: (sessionId: string) => Promise<unknown>): FrameArchive => ({
  put: async (id, info, body) => {
    await before(id);
    return archive.put(id, info, body);
  },
  list: (id) => archive.list(id),
  read: (id, info) => archive.read(id, info),
  clear: (id, generation) => archive.clear(id, generation),
  sessions: (after, limit) => archive.sessions(after, limit),
  check: () => archive.check(),
});

let redis: Awaited<ReturnType<typeof startRedis>>;
let client: ReturnType<typeof openFrameRedis>;
let redisStore: RedisFrameStore;
let embedded: EmbeddedFrameStore;
let database: RecordsDatabase;
let failing: FailingArchive;
beforeAll(async () => {
  redis = await startRedis();
  client = openFrameRedis(redis.url, log);
  await new Promise((resolve) => client.once('ready', resolve));
  redisStore = new RedisFrameStore({ client, ...lifetimes });
  const folder = await makeFolder();
  embedded = new EmbeddedFrameStore({ file: join(folder, 'frames.db'), log, now, ...lifetimes });
  database = new RecordsDatabase({ kind: 'sqlite', file: join(folder, 'records.db') });
  failing = new FailingArchive(join(folder, 'archive'));
});
afterAll(async () => {
  await Promise.all([codec.close(), redisStore.close(), embedded.close(), database.close()]);
  await redis.stop();
  await removeFolders();
});

const archiverOf = (
  store: HotFrameStore,
  archive: FrameArchive,
  options: Partial<FrameArchiverOptions> = {},
): FrameArchiver =>
  new FrameArchiver({
    store,
    archive,
    codec,
    owner: 'replica-1',
    retentionMs,
    openSessions: async () => [],
    withFrames: async (ids) => [...ids],
    concurrency: 4,
    random: () => 0,
    onArchived: () => undefined,
    onFailed: () => undefined,
    onForked: async () => undefined,
    log,
    now,
    ...options,
  });

let sessions = 0;
let sessionId: string;
beforeEach(() => {
  sessionId = `session-${(sessions += 1)}`;
  nowMs = startMs;
  failing.fails = null;
});

const suite = (open: () => { hot: HotFrameStore; archive: FrameArchive }): void => {
  let hot: HotFrameStore;
  let archive: FrameArchive;
  let archiver: FrameArchiver;
  let store: ArchivedFrameStore;
  beforeEach(() => {
    ({ hot, archive } = open());
    archiver = archiverOf(hot, archive);
    store = new ArchivedFrameStore({ hot, archive, codec, onStored: (id) => archiver.stored(id) });
  });

  /** A message of five frames each second. */
  const send = async (seconds: number, fromSeq = 0): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      const from = fromSeq + second * 5;
      await store.append(sessionId, batch(range(from, from + 4)));
      nowMs += 1000;
    }
  };

  test('holds the newest frames only, and returns all', async () => {
    for (const part of [0, 1, 2]) {
      await send(100, part * 500);
      await archiver.archiveDue();
      expect((await collect(hot.read(sessionId))).length).toBeLessThanOrEqual((retentionMs / 1000) * 5);
    }
    expect((await collect(hot.read(sessionId))).length).toBeLessThan(600);
    expect(await archive.list(sessionId)).not.toEqual([]);
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 1499));
    expect((await groupsOf(store, sessionId)).flatMap(({ frames }) => frames.map(({ seq }) => seq))).toEqual(
      range(0, 1499),
    );
    expect((await collect(store.links(sessionId))).flatMap(({ seqs }) => seqs)).toHaveLength(300);
    expect(await store.append(sessionId, batch([3, 1500]))).toMatchObject({ duplicates: 1, upToSeq: 1500 });
    await store.clear(sessionId);
    expect(await archive.list(sessionId)).toEqual([]);
    expect(await collect(store.read(sessionId))).toEqual([]);
  });

  test('reads texts and links of archived frames without parsing the frames', async () => {
    await send(200);
    await archiver.archiveDue();
    const expected = textsOf(await collect(store.read(sessionId)));
    const parse = vi.spyOn(JSON, 'parse');
    const texts = (await collect(store.readTexts(sessionId))).map(({ text }) => text);
    const links = await collect(store.links(sessionId));
    const parsed = parse.mock.calls.filter(([text]) => text.includes('"head_yaw"'));
    parse.mockRestore();
    expect(texts).toEqual(expected);
    expect(links).toHaveLength(200);
    expect(parsed).toEqual([]);
  });

  test('readers that began before frames moved get each frame once', async () => {
    await send(130);
    const read: StoredFrame[] = [];
    const groups: ArrivalGroup[] = [];
    const links: ChainLink[] = [];
    const texts: FrameText[] = [];
    const readers = [
      store.read(sessionId),
      store.readTexts(sessionId),
      store.arrivals(sessionId),
      store.links(sessionId),
    ] as const;
    const [byTime, asText, byArrival, byPlace] = readers.map((reader) => reader[Symbol.asyncIterator]()) as [
      AsyncIterator<StoredFrame[]>,
      AsyncIterator<FrameText[]>,
      AsyncIterator<ArrivalGroup>,
      AsyncIterator<ChainLink[]>,
    ];
    for (let step = 0; ; step += 1) {
      const [frames, group, chunk] = [await byTime.next(), await byArrival.next(), await byPlace.next()];
      const lines = await asText.next();
      if (frames.done !== true) read.push(...frames.value);
      if (lines.done !== true) texts.push(...lines.value);
      if (group.done !== true) groups.push(group.value);
      if (chunk.done !== true) links.push(...chunk.value);
      if ([frames, lines, group, chunk].every(({ done }) => done === true)) break;
      nowMs += 10_000;
      await archiver.archiveDue();
    }
    expect(read.map(({ seq }) => seq)).toEqual(range(0, 649));
    expect(texts.map(({ text }) => text)).toEqual(textsOf(read));
    expect(groups.flatMap(({ frames }) => frames.map(({ seq }) => seq))).toEqual(range(0, 649));
    expect(links.flatMap(({ seqs }) => seqs)).toHaveLength(130);
    await store.clear(sessionId);
  });

  test('frames of an earlier time that arrive after their block was archived are in order', async () => {
    await send(100, 100);
    nowMs += retentionMs;
    await archiver.archiveDue();
    await store.append(sessionId, batch(range(0, 99)));
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 599));
    nowMs += retentionMs;
    await archiver.archiveDue();
    expect(await collect(hot.read(sessionId))).toEqual([]);
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 599));
    const fromMs = startMs + 90 * 200;
    expect((await collect(store.read(sessionId, fromMs))).map(({ seq }) => seq)).toEqual(range(90, 599));
    await store.clear(sessionId);
  });

  test('two replicas that archive the same session leave each frame once', async () => {
    const second = archiverOf(hot, archive, { owner: 'replica-2' });
    await send(100);
    second.stored(sessionId);
    nowMs += retentionMs;
    await Promise.all([archiver.archiveDue(), second.archiveDue()]);
    expect(await collect(hot.read(sessionId))).toEqual([]);
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 499));
    await store.clear(sessionId);
  });

  describe('two replicas that take blocks of different length from the same place, because the claim of the first has ended,', () => {
    const forked: number[] = [];
    /** Another 20 s of frames, which are due for this archiver then. */
    const due = async (owner: string, itsArchive: FrameArchive, fromSeq: number): Promise<FrameArchiver> => {
      const own = archiverOf(hot, itsArchive, { owner, onForked: async (_id, frames) => void forked.push(frames) });
      await send(20, fromSeq);
      own.stored(sessionId);
      nowMs += retentionMs;
      return own;
    };
    const second = async (itsArchive: FrameArchive): Promise<FrameArchiver> => {
      await hot.releaseArchiving(sessionId, 'replica-1');
      return due('replica-2', itsArchive, 100);
    };
    /** After a third replica has archived everything. */
    const outcome = async () => {
      await (await due('replica-3', archive, 200)).archiveDue();
      const inStore = (await collect(hot.read(sessionId))).length;
      const seqs = (await collect(store.read(sessionId))).map(({ seq }) => seq);
      const generations = new Set((await archive.list(sessionId)).map(({ generation }) => generation)).size;
      await store.clear(sessionId);
      return { forked, inStore, seqs, generations };
    };
    const withoutBranch = { forked: [], inStore: 0, seqs: range(0, 299), generations: 1 };
    beforeEach(() => {
      forked.length = 0;
    });

    test('leave no branch if the second is done before the first stores its block', async () => {
      let isFirst = true;
      const slow = withPut(archive, async () => {
        if (isFirst) await (await second(archive)).archiveDue();
        isFirst = false;
      });
      await (await due('replica-1', slow, 0)).archiveDue();
      expect(await outcome()).toEqual(withoutBranch);
    });

    test('leave no branch if the first is done before the second stores its block', async () => {
      let [taken, mayStore] = [(): void => undefined, (): void => undefined];
      const isTaken = new Promise<void>((resolve) => (taken = resolve));
      const isAllowed = new Promise<void>((resolve) => (mayStore = resolve));
      const slow = withPut(archive, async () => {
        taken();
        await isAllowed;
      });
      const first = (await due('replica-1', slow, 0)).archiveDue();
      await isTaken;
      const afterTheFirst = withPut(archive, async () => {
        mayStore();
        await first;
      });
      await (await second(afterTheFirst)).archiveDue();
      expect(await outcome()).toEqual(withoutBranch);
    });
  });

  test('a block of a session that is cleared meanwhile is removed', async () => {
    await send(10);
    nowMs += retentionMs;
    const clearing = withPut(archive, (id) => store.clear(id));
    const late = archiverOf(hot, clearing, { withFrames: async () => [] });
    late.stored(sessionId);
    nowMs += retentionMs;
    await late.archiveDue();
    expect(await archive.list(sessionId)).toEqual([]);
    expect(await hot.archivedTo(sessionId)).toBeNull();
  });
};

describe('frames of Redis archived in a folder', () => {
  suite(() => ({ hot: redisStore, archive: failing }));

  test('a crash between archiving and removal is repaired, and readers get each frame once meanwhile', async () => {
    const archiver = archiverOf(redisStore, failing);
    const store = new ArchivedFrameStore({
      hot: redisStore,
      archive: failing,
      codec,
      onStored: (id) => archiver.stored(id),
    });
    for (let second = 0; second < 60; second += 1) {
      await store.append(sessionId, batch(range(second * 5, second * 5 + 4)));
      nowMs += 1000;
    }
    nowMs += retentionMs - 60_000;
    failing.fails = 'after';
    await archiver.archiveDue();
    expect(await failing.list(sessionId)).toHaveLength(1);
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 299));
    // The next attempt would take more messages than the block that exists.
    nowMs += retentionMs;
    await store.append(sessionId, batch(range(300, 304)));
    failing.fails = null;
    await archiver.archiveDue();
    expect((await collect(redisStore.read(sessionId))).map(({ seq }) => seq)).toEqual(range(300, 304));
    expect((await collect(store.read(sessionId))).map(({ seq }) => seq)).toEqual(range(0, 304));
    expect((await collect(store.links(sessionId))).flatMap(({ seqs }) => seqs)).toHaveLength(61);
    await store.clear(sessionId);
  });

  test('frames stay while the archive is unavailable, which shows as lag, and move afterwards', async () => {
    const failures: unknown[] = [];
    const archiver = archiverOf(redisStore, failing, { onFailed: (error) => failures.push(error) });
    const store = new ArchivedFrameStore({
      hot: redisStore,
      archive: failing,
      codec,
      onStored: (id) => archiver.stored(id),
    });
    failing.fails = 'before';
    await store.append(sessionId, batch(range(0, 9)));
    nowMs += retentionMs + 5000;
    await archiver.archiveDue();
    expect(failures).toMatchObject([{ reason: 'archive_unavailable' }]);
    expect(archiver.lagMs()).toBe(5000);
    expect(await collect(redisStore.read(sessionId))).toHaveLength(10);
    failing.fails = null;
    nowMs += 10_000;
    await archiver.archiveDue();
    expect(archiver.lagMs()).toBe(0);
    expect(await collect(redisStore.read(sessionId))).toEqual([]);
    expect(await collect(store.read(sessionId))).toHaveLength(10);
    await store.clear(sessionId);
  });

  test('a replica leaves a session to the one that claimed it, and tries again when a claim of a killed one would have ended', async () => {
    const failures: unknown[] = [];
    const archiver = archiverOf(redisStore, failing, { onFailed: (error) => failures.push(error) });
    await redisStore.append(sessionId, batch(range(0, 4)));
    archiver.stored(sessionId);
    await redisStore.claimArchiving(sessionId, 'replica-2', 60_000);
    nowMs += retentionMs;
    await archiver.archiveDue();
    expect(await collect(redisStore.read(sessionId))).toHaveLength(5);
    // The claim is still the other one's.
    expect(await redisStore.claimArchiving(sessionId, 'replica-3', 60_000)).toBe(false);
    await redisStore.releaseArchiving(sessionId, 'replica-2');
    nowMs += 30_000 - 1;
    await archiver.archiveDue();
    expect(await collect(redisStore.read(sessionId))).toHaveLength(5);
    nowMs += 1;
    await archiver.archiveDue();
    expect(await collect(redisStore.read(sessionId))).toEqual([]);
    expect(failures).toEqual([]);
    await Promise.all([failing.clear(sessionId), redisStore.clear(sessionId)]);
  });

  test('a replica that cannot store a block releases its claim, so that another one takes over', async () => {
    const [first, second] = [archiverOf(redisStore, failing), archiverOf(redisStore, failing, { owner: 'replica-2' })];
    await redisStore.append(sessionId, batch(range(0, 4)));
    for (const archiver of [first, second]) archiver.stored(sessionId);
    nowMs += retentionMs;
    failing.fails = 'before';
    await first.archiveDue();
    failing.fails = null;
    await second.archiveDue();
    expect(await collect(redisStore.read(sessionId))).toEqual([]);
    expect(await failing.list(sessionId)).toMatchObject([{ frames: 5 }]);
    await Promise.all([failing.clear(sessionId), redisStore.clear(sessionId)]);
  });

  describe('a session that Redis lost', () => {
    let archiver: FrameArchiver;
    let store: ArchivedFrameStore;
    const lost: unknown[] = [];
    const forked: number[] = [];
    let recordedFrames: number;
    const single = { timestamp: startMs, received_at: startMs, face_present: 1 } as const;
    const recorded = {
      find: async () => ({ frames: recordedFrames, mayHaveBlocks: true }),
      lost: async (_id: string, frames: number, left: { frames: number }) =>
        void lost.push({ frames, left: left.frames }),
    };
    const storeOptions = () => ({
      hot: redisStore,
      archive: failing,
      codec,
      onStored: (id: string) => archiver.stored(id),
      recorded,
    });
    beforeEach(async () => {
      lost.length = forked.length = 0;
      recordedFrames = 0;
      archiver = archiverOf(redisStore, failing, { onForked: async (_id, frames) => void forked.push(frames) });
      store = new ArchivedFrameStore(storeOptions());
      for (const from of [0, 5, 10]) {
        await store.append(sessionId, batch(range(from, from + 4)));
        nowMs += 1000;
      }
      await store.appendNext(sessionId, { ...single });
      nowMs += retentionMs;
      await archiver.archiveDue();
      await store.append(sessionId, batch(range(15, 18)));
      recordedFrames = 20;
    });

    const expectWhole = async (seqs: number[], links: number): Promise<void> => {
      const read = await collect(store.read(sessionId));
      expect(read.filter(({ frame_id: id }) => !id.startsWith('srv-')).map(({ seq }) => seq)).toEqual(seqs);
      expect((await groupsOf(store, sessionId)).flatMap(({ frames }) => frames)).toHaveLength(read.length);
      const all = await collect(store.links(sessionId));
      expect(all).toHaveLength(links);
      const { chain, frames } = await store.stateOf(sessionId);
      expect({ frames, head: chain?.head, chained: chain?.frames }).toEqual({
        frames: read.length,
        head: all.at(-1)?.link,
        chained: seqs.length,
      });
      // As a check of the dump computes it.
      let head = chain!.nonce;
      for (const link of all) {
        head = linkOf(
          head,
          read.filter(
            ({ frame_id: id, seq }) => id === String(seq) && link.seqs.some(([a, b]) => seq >= a && seq <= b),
          ),
        );
        expect(head).toBe(link.link);
      }
    };

    test('continues after its archived frames, and its other frames count as lost', async () => {
      await client.flushAll();
      expect(await store.append(sessionId, batch(range(19, 23)))).toMatchObject({ first: true, upToSeq: 14 });
      expect(lost).toEqual([{ frames: 20, left: 16 }]);
      await expectWhole([...range(0, 14), ...range(19, 23)], 4);
      nowMs += retentionMs;
      await archiver.archiveDue();
      expect((await collect(redisStore.read(sessionId))).map(({ seq }) => seq)).toEqual([]);
      await expectWhole([...range(0, 14), ...range(19, 23)], 4);
      await store.clear(sessionId);
      expect(await failing.list(sessionId)).toEqual([]);
    });

    test.each([
      ['a frame without a number', () => store.appendNext(sessionId, { ...single }), 17],
      ['the end', () => store.seal(sessionId, nowMs), 16],
      ['a reader', () => collect(store.read(sessionId)), 16],
      ['another process', () => new ArchivedFrameStore(storeOptions()).openStream(sessionId), 16],
      ['a hello on the same connection to Redis', () => store.openStream(sessionId), 16],
      [
        'a message without frames',
        () => store.append(sessionId, { ...batch([]), lost: [{ reason: 'rejected', seqs: [40, 40] }] }),
        16,
      ],
    ])('has its archived frames again for %s', async (_who, use, frames) => {
      await client.flushAll();
      await use();
      expect(await store.stateOf(sessionId)).toMatchObject({ frames, upToSeq: 14 });
      expect(await collect(store.read(sessionId))).toHaveLength(frames);
      await store.clear(sessionId);
    });

    /** Goes back to the state of the snapshot. */
    const snapshot = async (): Promise<() => Promise<void>> => {
      const keys = (await client.keys(`*${sessionId}*`)).filter((key) => !key.startsWith('kept:'));
      for (const key of keys) await client.copy(key, `kept:${key}`);
      return async () => {
        for (const key of await client.keys(`*${sessionId}*`)) if (!key.startsWith('kept:')) await client.unlink(key);
        for (const key of keys) await client.rename(`kept:${key}`, key);
      };
    };

    test('or that went back to an older state continues after its archived frames', async () => {
      const goBack = await snapshot();
      await store.append(sessionId, batch(range(19, 23)));
      nowMs += retentionMs;
      await archiver.archiveDue();
      await store.append(sessionId, batch(range(24, 25)));
      await goBack();
      recordedFrames = 27;
      const returned = new ArchivedFrameStore(storeOptions());
      expect(await returned.openStream(sessionId)).toMatchObject({ upToSeq: 23, frames: 25 });
      expect(lost).toEqual([{ frames: 27, left: 25 }]);
      await returned.append(sessionId, batch(range(26, 30)));
      await expectWhole([...range(0, 23), ...range(26, 30)], 6);
      await store.clear(sessionId);
    });

    test('and continued from an older state before this was noticed has the frames that it acknowledged since', async () => {
      const goBack = await snapshot();
      await store.append(sessionId, batch(range(19, 23)));
      await store.appendNext(sessionId, { ...single });
      nowMs += retentionMs;
      await archiver.archiveDue();
      await goBack();
      await store.append(sessionId, batch(range(24, 28)));
      await store.appendNext(sessionId, { ...single });
      await expectWhole([...range(0, 18), ...range(24, 28)], 5);
      nowMs += retentionMs;
      await archiver.archiveDue();
      expect(await collect(redisStore.read(sessionId))).toEqual([]);
      await expectWhole([...range(0, 18), ...range(24, 28)], 5);
      expect(forked).toEqual([10]);
      // The next block may begin where one of the other branch does.
      await store.append(sessionId, batch(range(29, 33)));
      nowMs += retentionMs;
      await archiver.archiveDue();
      await expectWhole([...range(0, 18), ...range(24, 33)], 6);
      await store.clear(sessionId);
      expect(await failing.list(sessionId)).toEqual([]);
    });

    test('keeps the nonce of its chain if none of its frames had a number', async () => {
      const id = `${sessionId}-unnumbered`;
      const { chain } = await store.openStream(id);
      for (const timestamp of [startMs, startMs + 200]) await store.appendNext(id, { ...single, timestamp });
      archiver.stored(id);
      nowMs += retentionMs;
      await archiver.archiveDue();
      await client.flushAll();
      const other = new ArchivedFrameStore(storeOptions());
      expect(await other.openStream(id)).toMatchObject({ frames: 2, chain: { ...chain, frames: 0 } });
      await store.clear(id);
    });

    test('keeps its blocks if it is lost while one of them is being stored', async () => {
      const losing = withPut(failing, () => client.flushAll());
      const late = archiverOf(redisStore, losing);
      late.stored(sessionId);
      nowMs += retentionMs;
      await late.archiveDue();
      expect(await failing.list(sessionId)).toHaveLength(2);
      await expectWhole(range(0, 18), 4);
      await store.clear(sessionId);
    });
  });

  test('finds sessions whose replica is gone, and removes blocks of sessions that are over', async () => {
    await redisStore.append(sessionId, batch(range(0, 9)));
    await failing.put('over', { ...(await blockOf()), generation: 'old' }, Buffer.from(''));
    nowMs += retentionMs;
    const archiver = archiverOf(redisStore, failing, {
      openSessions: async (after) => [sessionId].filter((id) => id > after),
      withFrames: async (ids) => ids.filter((id) => id !== 'over'),
    });
    await archiver.sweep();
    expect(await failing.list('over')).toEqual([]);
    await archiver.archiveDue();
    expect(await failing.list(sessionId)).toMatchObject([{ frames: 10 }]);
    await failing.clear(sessionId);
    await redisStore.clear(sessionId);
  });

  const blockOf = async (): Promise<BlockInfo> => ({
    generation: 'one',
    from: { links: 0, unnumbered: 0 },
    to: { links: 1, unnumbered: 0 },
    frames: 1,
    seqs: [[0, 0]],
    minMs: 0,
    maxMs: 0,
  });

  test('a session with archiving equals one without, whatever arrives when', async () => {
    const anyStep = fc.oneof(
      { weight: 6, arbitrary: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 8 }) },
      { weight: 2, arbitrary: fc.constant('single' as const) },
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 100 }).map((seconds) => ({ seconds })) },
      { weight: 1, arbitrary: fc.constant('crash' as const) },
    );
    // Clocks of clients that jump.
    const anyClock = fc.constantFrom(
      (seq: number) => startMs + seq * 200,
      (seq: number) => startMs - seq * 500,
      (seq: number) => startMs + ((seq * 7919) % 61),
      () => startMs,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), anyClock, async (steps, clock) => {
        nowMs = startMs;
        const [plainId, movedId] = [`plain-${(sessions += 1)}`, `moved-${sessions}`];
        const archiver = archiverOf(redisStore, failing);
        const moved = new ArchivedFrameStore({
          hot: redisStore,
          archive: failing,
          codec,
          onStored: (id) => archiver.stored(id),
        });
        // The same first head, so that the chains can be compared.
        for (const id of [plainId, movedId]) await client.hSet(`frames_state:${id}`, 'nonce', 'ab'.repeat(32));
        for (const step of steps) {
          failing.fails = step === 'crash' ? 'after' : null;
          if (Array.isArray(step)) {
            await redisStore.append(plainId, batch(step, clock));
            await moved.append(movedId, batch(step, clock));
          } else if (step === 'single') {
            const single = { timestamp: clock(nowMs % 50), received_at: nowMs, face_present: 1 } as const;
            await redisStore.appendNext(plainId, { ...single });
            await moved.appendNext(movedId, { ...single });
          } else if (step !== 'crash') nowMs += step.seconds * 1000;
          await archiver.archiveDue();
        }
        const plain = textsOf(await collect(redisStore.read(plainId)));
        expect(textsOf(await collect(moved.read(movedId)))).toEqual(plain);
        expect((await collect(moved.readTexts(movedId))).map(({ text }) => text)).toEqual(plain);
        expect((await collect(redisStore.readTexts(plainId))).map(({ text }) => text)).toEqual(plain);
        expect(await groupsOf(moved, movedId)).toEqual(await groupsOf(redisStore, plainId));
        expect(await collect(moved.links(movedId))).toEqual(await collect(redisStore.links(plainId)));
        expect(await moved.stateOf(movedId)).toEqual(await redisStore.stateOf(plainId));
        await Promise.all([moved.clear(movedId), redisStore.clear(plainId)]);
      }),
      { numRuns: 40 },
    );
    expect(await client.keys('*ed-*')).toEqual([]);
  });
});

describe('frames of the embedded store archived beside the records', () => {
  suite(() => ({ hot: embedded, archive: new RecordsArchive(database) }));
});
