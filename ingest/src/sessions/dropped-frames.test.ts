import { join } from 'node:path';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import type { FrameStore } from '../frames/frame-store.ts';
import { frameStoreUnavailable, recordsUnavailable } from '../model/ingest-error.ts';
import type { SessionRecords } from '../records/session-records.ts';
import { createMetrics } from '../telemetry/ingest-metrics.ts';
import { DroppedFrames } from './dropped-frames.ts';
import { LateFrames } from './late-frames.ts';

const id = 'session';
const startMs = Date.UTC(2026, 0, 5, 9);

let folder: string;
let files = 0;
let frames: EmbeddedFrameStore;
let dropped: DroppedFrames;
/** Counts that the records were sent. */
let saved: number[];
/** What fails at present. */
let fails: 'store' | 'answer' | 'records' | null;
beforeAll(async () => {
  folder = await makeFolder();
});
afterAll(removeFolders);
beforeEach(() => {
  frames = new EmbeddedFrameStore({
    file: join(folder, `${(files += 1)}.db`),
    log: pino({ level: 'silent' }),
    now: () => startMs,
    frameRetentionSeconds: 600,
    streamRetentionSeconds: 1200,
  });
  fails = null;
  saved = [];
  dropped = replica();
});
afterEach(async () => {
  vi.useRealTimers();
  await dropped.close();
  await frames.close();
});

const replica = (): DroppedFrames => {
  const store: FrameStore = Object.create(frames, {
    append: {
      value: async (...args: Parameters<FrameStore['append']>) => {
        if (fails === 'store') throw frameStoreUnavailable('away');
        const result = await frames.append(...args);
        if (fails === 'answer') throw frameStoreUnavailable('no answer in time');
        return result;
      },
    },
    stateOf: { value: frames.stateOf.bind(frames) },
    refuse: { value: frames.refuse.bind(frames) },
  });
  const records = {
    find: async () => ({ status: 'running' }),
    async saveFramesRefused(_sessionId: string, count: number) {
      if (fails === 'records') throw recordsUnavailable('away');
      saved.push(count);
    },
  } as unknown as SessionRecords;
  const late = new LateFrames({ frames: store, records, metrics: createMetrics(), sharedClockErrorMs: () => 0 });
  return new DroppedFrames(store, late);
};
const drop = (by: DroppedFrames, count: number, firstMs = startMs): void => {
  for (let index = 0; index < count; index += 1) by.add(id, firstMs + index);
};
const lost = async (): Promise<number> => (await frames.stateOf(id)).losses.rejected ?? 0;

test('replicas that drop frames in turn count each once', async () => {
  const other = replica();
  for (const [by, count] of [
    [dropped, 3],
    [other, 2],
    [dropped, 1],
  ] as const) {
    drop(by, count);
    await by.flush(id);
  }
  expect(await lost()).toBe(6);
});

test('replicas that write in the same instant count each frame once', async () => {
  const other = replica();
  for (const count of [2, 1]) {
    drop(dropped, count);
    drop(other, count);
    await Promise.all([dropped.flush(id), other.flush(id)]);
  }
  expect(await lost()).toBe(6);
});

test('a write whose answer is lost is not counted twice', async () => {
  drop(dropped, 3);
  fails = 'answer';
  await dropped.flush(id);
  fails = null;
  drop(dropped, 2, startMs + 10);
  await dropped.flush(id);
  expect(await lost()).toBe(5);
});

test('a failed write is repeated, though no further frame is dropped', async () => {
  // The store's timer after its first write is not counted below.
  await frames.openStream(id);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  drop(dropped, 3);
  fails = 'store';
  await dropped.flush(id);
  fails = null;
  vi.advanceTimersByTime(5000);
  await expect.poll(lost).toBe(3);
  expect(vi.getTimerCount()).toBe(0);
});

test('frames of an ended session are refused once, though the records fail, and recorded later', async () => {
  await frames.seal(id, startMs + 1000);
  drop(dropped, 3);
  fails = 'records';
  await dropped.flush(id);
  await dropped.flush(id);
  fails = null;
  await dropped.flush(id);
  expect([saved, (await frames.stateOf(id)).refused]).toEqual([[3], 3]);
});

test('a long outage of the store loses no count', async () => {
  fails = 'store';
  drop(dropped, 5000);
  await dropped.flush(id);
  drop(dropped, 5000, startMs + 10_000);
  fails = null;
  await dropped.flush(id);
  expect(await lost()).toBe(10_000);
});
