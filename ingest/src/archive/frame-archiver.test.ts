import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import type { StoredFrame } from '@invigil/protocol/frame';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import { ArchivedFrameStore } from './archived-frame-store.ts';
import { sourceArguments } from '@invigil/testkit/source-arguments';
import { ThreadFailure } from '../threads/thread-failure.ts';
import { openBlockThreads } from './block-threads.ts';
import { FolderArchive } from './folder-archive.ts';
import { FrameArchiver } from './frame-archiver.ts';
import type { FrameArchiverOptions } from './frame-archiver.ts';
import { blockName } from './frame-archive.ts';
import type { BlockInfo } from './frame-archive.ts';

const codec = openBlockThreads(sourceArguments);
const log = pino({ level: 'silent' });
const retentionMs = 60_000;
const startMs = Date.UTC(2026, 0, 5, 9);
let nowMs: number;
let folder: string;
let hot: EmbeddedFrameStore;
let archive: WatchedArchive;
let archivers: FrameArchiver[];
let failures: unknown[];

/** A real archive that the test can hold up: blocks wait until they are let through. */
class WatchedArchive extends FolderArchive {
  attempts = 0;
  waiting = 0;
  mostWaiting = 0;
  gate: Promise<void> | null = null;

  override async put(sessionId: string, info: BlockInfo, body: Buffer): Promise<BlockInfo> {
    this.attempts += 1;
    this.waiting += 1;
    this.mostWaiting = Math.max(this.mostWaiting, this.waiting);
    await this.gate;
    this.waiting -= 1;
    return super.put(sessionId, info, body);
  }
}

beforeAll(async () => {
  hot = new EmbeddedFrameStore({
    file: join(await makeFolder(), 'frames.db'),
    frameRetentionSeconds: 6000,
    streamRetentionSeconds: 6000,
    log,
    now: () => nowMs,
  });
});
beforeEach(async () => {
  nowMs = startMs;
  folder = join(await makeFolder(), 'archive');
  archive = new WatchedArchive(folder);
  archivers = [];
  failures = [];
});
afterEach(() => Promise.all(archivers.map((archiver) => archiver.close())));
afterAll(async () => {
  await codec.close();
  await hot.close();
  await removeFolders();
});

const archiverOf = (options: Partial<FrameArchiverOptions> = {}): FrameArchiver => {
  const archiver = new FrameArchiver({
    store: hot,
    archive,
    codec,
    owner: 'replica-1',
    retentionMs,
    openSessions: async () => [],
    withFrames: async (ids) => [...ids],
    concurrency: 4,
    random: () => 0,
    onArchived: () => undefined,
    onFailed: (error) => failures.push(error),
    onForked: async () => undefined,
    log,
    now: () => nowMs,
    ...options,
  });
  archivers.push(archiver);
  return archiver;
};

let sessions = 0;
const nextSession = (): string => `archiver-${(sessions += 1)}`;
const frameOf = (seq: number): StoredFrame => ({
  frame_id: String(seq),
  seq,
  timestamp: startMs + seq * 200,
  received_at: nowMs,
});
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const append = (sessionId: string, seqs: readonly number[]) =>
  hot.append(sessionId, { frames: seqs.map(frameOf), lost: [], lossTotals: {}, chain: null });
const seqsIn = async (store: Pick<EmbeddedFrameStore, 'read'>, sessionId: string): Promise<unknown[]> => {
  const seqs: unknown[] = [];
  for await (const chunk of store.read(sessionId)) seqs.push(...chunk.map(({ seq }) => seq));
  return seqs;
};
/** A session with frames that are due. */
const dueSession = async (archiver: FrameArchiver): Promise<string> => {
  const sessionId = nextSession();
  await append(sessionId, [0, 1, 2]);
  archiver.stored(sessionId);
  return sessionId;
};

describe('when frames move:', () => {
  test('not a millisecond before the oldest is as old as the retention', async () => {
    const archiver = archiverOf();
    const sessionId = await dueSession(archiver);
    nowMs = startMs + retentionMs - 1;
    await archiver.archiveDue();
    expect(archive.attempts).toBe(0);
    expect(archiver.lagMs()).toBe(0);
    nowMs += 1;
    await archiver.archiveDue();
    expect(await seqsIn(hot, sessionId)).toEqual([]);
  });

  test('sessions that begin at the same moment move one after the other, none later than the retention', async () => {
    const shares = range(0, 4).map((at) => at / 5);
    const left = [...shares];
    const archiver = archiverOf({ random: () => left.shift() ?? 0 });
    const ids = await Promise.all(shares.map(() => dueSession(archiver)));
    const movedMs: number[] = [];
    for (const sinceMs of range(0, 10).map((at) => (retentionMs / 10) * at)) {
      nowMs = startMs + sinceMs;
      await archiver.archiveDue();
      const stay = await Promise.all(ids.map(async (id) => (await seqsIn(hot, id)).length > 0));
      movedMs.push(stay.filter((stays) => !stays).length);
    }
    expect(movedMs).toEqual([0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5]);
  });

  test('the newer half of the retention stays, and is due when its oldest frame is', async () => {
    const archiver = archiverOf();
    const sessionId = await dueSession(archiver);
    nowMs = startMs + retentionMs / 2;
    await append(sessionId, [3, 4]);
    archiver.stored(sessionId);
    nowMs = startMs + retentionMs;
    await archiver.archiveDue();
    expect(await seqsIn(hot, sessionId)).toEqual([3, 4]);
    nowMs = startMs + retentionMs * 1.5 - 1;
    await archiver.archiveDue();
    expect(await seqsIn(hot, sessionId)).toEqual([3, 4]);
    nowMs += 1;
    await archiver.archiveDue();
    expect(await seqsIn(hot, sessionId)).toEqual([]);
  });

  test('a long backlog moves in one go, in several blocks', async () => {
    const moved: number[] = [];
    const archiver = archiverOf({ onArchived: (frames) => moved.push(frames) });
    const sessionId = nextSession();
    for (let from = 0; from < 1000; from += 250) await append(sessionId, range(from, from + 249));
    archiver.stored(sessionId);
    nowMs += retentionMs;
    await archiver.archiveDue();
    expect(moved).toEqual([500, 500]);
    expect(await archive.list(sessionId)).toHaveLength(2);
  });

  test('at most as many sessions at a time as allowed, and the others without waiting for a timer', async () => {
    const archiver = archiverOf();
    const ids = await Promise.all(range(1, 7).map(() => dueSession(archiver)));
    let open: () => void = () => undefined;
    archive.gate = new Promise((resolve) => (open = resolve));
    nowMs += retentionMs;
    const archiving = archiver.archiveDue();
    await expect.poll(() => archive.waiting).toBe(4);
    open();
    await archiving;
    expect(archive.mostWaiting).toBe(4);
    for (const id of ids) expect(await seqsIn(hot, id)).toEqual([]);
  });

  test('a session that was erased before it was due is forgotten', async () => {
    const archiver = archiverOf();
    const sessionId = await dueSession(archiver);
    await hot.clear(sessionId);
    nowMs += retentionMs;
    await archiver.archiveDue();
    nowMs += retentionMs;
    expect(archiver.lagMs()).toBe(0);
    expect(await archive.sessions('', 10)).toEqual([]);
  });

  test('a server that stops finishes the block that it is storing and begins no other', async () => {
    const archiver = archiverOf();
    const sessionId = nextSession();
    for (const from of [0, 400]) await append(sessionId, range(from, from + 399));
    archiver.stored(sessionId);
    let open: () => void = () => undefined;
    archive.gate = new Promise((resolve) => (open = resolve));
    nowMs += retentionMs;
    const archiving = archiver.archiveDue();
    await expect.poll(() => archive.waiting).toBe(1);
    const closing = archiver.close();
    open();
    await Promise.all([archiving, closing]);
    expect(await archive.list(sessionId)).toMatchObject([{ frames: 400 }]);
    expect(await seqsIn(hot, sessionId)).toEqual(range(400, 799));
  });
});

describe('while the archive cannot be used', () => {
  beforeEach(() => writeFile(folder, 'a file where the folder should be'));

  test('a failed session is tried again after ten seconds, not before', async () => {
    const archiver = archiverOf();
    await dueSession(archiver);
    nowMs += retentionMs;
    for (const waitedMs of [0, 9999, 1]) {
      nowMs += waitedMs;
      await archiver.archiveDue();
    }
    expect(archive.attempts).toBe(2);
    expect(failures).toHaveLength(2);
  });

  test('with a short retention, it is tried again after half of it', async () => {
    const archiver = archiverOf({ retentionMs: 4000 });
    await dueSession(archiver);
    nowMs += 4000;
    for (const waitedMs of [0, 1999, 1]) {
      nowMs += waitedMs;
      await archiver.archiveDue();
    }
    expect(archive.attempts).toBe(2);
  });

  test('the time of the first failure is reported until an attempt succeeds', async () => {
    const archiver = archiverOf();
    expect(archiver.failingSince()).toBeNull();
    const sessionId = await dueSession(archiver);
    nowMs += retentionMs;
    await archiver.archiveDue();
    nowMs += 15_000;
    await archiver.archiveDue();
    expect(archiver.failingSince()).toBe('2026-01-05T09:01:00.000Z');
    expect(archiver.lagMs()).toBe(15_000);
    archive = new WatchedArchive(join(await makeFolder(), 'archive'));
    const other = archiverOf({ archive });
    other.stored(sessionId);
    nowMs += retentionMs;
    await other.archiveDue();
    await archiver.archiveDue();
    expect(archiver.failingSince()).toBeNull();
  });
});

describe('a sweep', () => {
  test('goes through more sessions than a page has', async () => {
    const ids = range(1, 1001).map((at) => `paged-${String(at).padStart(4, '0')}`);
    const pages: string[] = [];
    const archiver = archiverOf({
      openSessions: async (after, limit) => {
        pages.push(after);
        return ids.filter((id) => id > after).slice(0, limit);
      },
    });
    await append('paged-1001', [0]);
    nowMs += retentionMs;
    await archiver.sweep();
    expect(pages).toEqual(['', 'paged-0500', 'paged-1000']);
    await archiver.archiveDue();
    expect(await archive.sessions('', 10)).toEqual(['paged-1001']);
  });

  test('spreads the sessions that a crash left over a minute', async () => {
    const ids = range(1, 4).map((at) => `left-${at}`);
    const shares = range(0, 3).map((at) => at / 4);
    for (const id of ids) await append(id, [0]);
    const archiver = archiverOf({
      openSessions: async (after) => ids.filter((id) => id > after),
      random: () => shares.shift() ?? 0,
      retentionMs: 600_000,
    });
    nowMs += 600_000;
    await archiver.sweep();
    const moved: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      await archiver.archiveDue();
      moved.push((await archive.sessions('', 10)).length);
      // Another replica may be archiving them, so they do not count as overdue before their age is known.
      expect(archiver.lagMs()).toBe(0);
      nowMs += 15_000;
    }
    expect(moved).toEqual([1, 2, 3, 4]);
  });

  test('removes nothing of a session that has frames', async () => {
    const archiver = archiverOf({ withFrames: async (ids) => ids.filter((id) => id !== 'over') });
    const sessionId = await dueSession(archiver);
    await archive.put('over', blockOf([0]), Buffer.from(''));
    nowMs += retentionMs;
    await archiver.archiveDue();
    await archiver.sweep();
    expect(await archive.sessions('', 10)).toEqual([sessionId]);
  });
});

const blockOf = (seqs: readonly number[], generation = 'one'): BlockInfo => ({
  generation,
  from: { links: 0, unnumbered: 0 },
  to: { links: 1, unnumbered: 0 },
  frames: seqs.length,
  seqs: seqs.map((seq): [number, number] => [seq, seq]),
  minMs: startMs,
  maxMs: startMs,
});

describe('reading a session with archived frames', () => {
  let store: ArchivedFrameStore;
  let sessionId: string;
  beforeEach(async () => {
    store = new ArchivedFrameStore({ hot, archive, codec, onStored: () => undefined });
    const archiver = archiverOf();
    sessionId = await dueSession(archiver);
    nowMs += retentionMs;
    await archiver.archiveDue();
    await append(sessionId, [3, 4]);
  });
  const fileOf = async (): Promise<string> => {
    const [info] = await archive.list(sessionId);
    return join(folder, sessionId, `${blockName(info!)}.block`);
  };

  test('is an outage, and no gap, if a block is damaged', async () => {
    const [info] = await archive.list(sessionId);
    await writeFile(await fileOf(), `${JSON.stringify(info)}\nno block`);
    await expect(seqsIn(store, sessionId)).rejects.toMatchObject({
      reason: 'archive_unavailable',
      message: expect.stringContaining(`block ${blockName(info!)} is damaged`),
    });
  });

  test('fails without an outage of the archive if the thread fails, and the store is closed all the same', async () => {
    const threadFailed = new ThreadFailure('decode', 'was stopped');
    const fail = (): Promise<never> => Promise.reject(threadFailed);
    const closed = vi.spyOn(hot, 'close').mockResolvedValueOnce();
    const failing = new ArchivedFrameStore({
      hot,
      archive,
      codec: { encode: fail, decode: fail, close: fail },
      onStored: () => undefined,
    });
    await expect(seqsIn(failing, sessionId)).rejects.toBe(threadFailed);
    await expect(failing.close()).rejects.toBe(threadFailed);
    expect(closed).toHaveBeenCalledOnce();
  });

  test.each([
    ['links', async () => store.links(sessionId)[Symbol.asyncIterator]().next()],
    ['arrivals', async () => store.arrivals(sessionId)[Symbol.asyncIterator]().next()],
  ])('of %s is an outage, and no gap, if their block is missing', async (_what, readFirst) => {
    await archive.clear(sessionId);
    await expect(readFirst()).rejects.toMatchObject({ reason: 'archive_unavailable' });
  });

  test('ignores blocks of another life of the session', async () => {
    const body = await codec.encode({ links: [], frames: [frameOf(99)] });
    await archive.put(sessionId, blockOf([99], 'earlier'), body);
    expect(await seqsIn(store, sessionId)).toEqual([0, 1, 2, 3, 4]);
  });

  test('is possible without the archive while nothing has moved', async () => {
    const young = nextSession();
    await append(young, [7, 8]);
    await writeFile(`${folder}-file`, '');
    const broken = new ArchivedFrameStore({
      hot,
      archive: new FolderArchive(`${folder}-file`),
      codec,
      onStored: () => undefined,
    });
    expect(await seqsIn(broken, young)).toEqual([7, 8]);
    await expect(seqsIn(broken, sessionId)).rejects.toMatchObject({ reason: 'archive_unavailable' });
  });

  test('erases the frames in both places; a second erasure changes nothing', async () => {
    await store.clear(sessionId);
    await store.clear(sessionId);
    expect(await archive.sessions('', 10)).toEqual([]);
    expect(await seqsIn(hot, sessionId)).toEqual([]);
    expect(await hot.archivedTo(sessionId)).toBeNull();
  });

  test('keeps the frames of the store if the archive cannot be erased, so that erasing can be repeated', async () => {
    await writeFile(`${folder}-file`, '');
    const broken = new ArchivedFrameStore({
      hot,
      archive: new FolderArchive(`${folder}-file`),
      codec,
      onStored: () => undefined,
    });
    await expect(broken.clear(sessionId)).rejects.toMatchObject({ reason: 'archive_unavailable' });
    expect(await hot.archivedTo(sessionId)).not.toBeNull();
    await store.clear(sessionId);
    expect(await hot.archivedTo(sessionId)).toBeNull();
  });
});

test('a session is scheduled only for frames that were stored', async () => {
  const stored: string[] = [];
  const store = new ArchivedFrameStore({ hot, archive, codec, onStored: (id) => stored.push(id) });
  const sessionId = nextSession();
  const intake = { frames: [frameOf(0)], lost: [], lossTotals: {}, chain: null };
  await store.append(sessionId, intake);
  await store.append(sessionId, intake);
  expect(stored).toEqual([sessionId]);
  await store.appendNext(sessionId, { timestamp: startMs, received_at: startMs, face_present: 1 });
  expect(stored).toEqual([sessionId, sessionId]);
  await store.seal(sessionId, startMs);
  await store.append(sessionId, { ...intake, frames: [frameOf(1)] });
  expect(stored).toHaveLength(2);
});
