import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { makeFolder, removeFolders } from '@invigil/testkit/server/ingest-server';
import { EmbeddedFrameStore } from '../frames/embedded-frame-store.ts';
import type { ArchivedTo } from '../frames/hot-frame-store.ts';
import { frameIdsOf, takeBlock } from './take-block.ts';

const startMs = Date.UTC(2026, 0, 5, 9);
const forever = Number.MAX_SAFE_INTEGER;
let store: EmbeddedFrameStore;
let sessions = 0;
let sessionId: string;
let archived: ArchivedTo;
beforeAll(async () => {
  store = new EmbeddedFrameStore({
    file: join(await makeFolder(), 'frames.db'),
    frameRetentionSeconds: 6000,
    streamRetentionSeconds: 6000,
    log: pino({ level: 'silent' }),
    now: () => startMs,
  });
});
afterAll(async () => {
  await store.close();
  await removeFolders();
});
beforeEach(async () => {
  sessionId = `taken-${(sessions += 1)}`;
  await store.openStream(sessionId);
  archived = (await store.archivedTo(sessionId))!;
});

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const append = (seqs: readonly number[], receivedMs: number) =>
  store.append(sessionId, {
    frames: seqs.map((seq) => ({
      frame_id: String(seq),
      seq,
      timestamp: startMs + seq * 200,
      received_at: receivedMs,
    })),
    lost: [],
    lossTotals: {},
    chain: null,
  });

test('takes whole messages that were received before a time', async () => {
  await append(range(0, 4), startMs + 1000);
  await append(range(5, 9), startMs + 2000);
  expect(await takeBlock(store, sessionId, archived, startMs + 2000)).toMatchObject({
    status: 'block',
    taken: {
      info: {
        from: { links: 0, unnumbered: 0 },
        to: { links: 1, unnumbered: 0 },
        frames: 5,
        seqs: [[0, 4]],
        minMs: startMs,
        maxMs: startMs + 800,
      },
      block: { links: [{ seqs: [[0, 4]] }], frames: { length: 5 } },
    },
  });
});

test('waits for the next message to become old enough, or for a message', async () => {
  expect(await takeBlock(store, sessionId, archived, forever)).toEqual({ status: 'wait', receivedMs: null });
  await append([0], startMs + 1000);
  expect(await takeBlock(store, sessionId, archived, startMs + 1000)).toEqual({
    status: 'wait',
    receivedMs: startMs + 1000,
  });
});

test('ends a block with the message that fills it', async () => {
  for (let from = 0; from < 900; from += 150) await append(range(from, from + 149), startMs + from);
  const next = await takeBlock(store, sessionId, archived, forever);
  expect(next).toMatchObject({ status: 'block', taken: { info: { frames: 450, to: { links: 3, unnumbered: 0 } } } });
});

test('describes frames that the server numbered by their positions', async () => {
  await append([7, 3], startMs);
  for (const at of [0, 1]) {
    await store.appendNext(sessionId, { timestamp: startMs + at, received_at: startMs + at, face_present: 1 });
  }
  const next = await takeBlock(store, sessionId, archived, forever);
  if (next.status !== 'block') throw new Error(next.status);
  expect(next.taken.info).toMatchObject({
    to: { links: 1, unnumbered: 2 },
    frames: 4,
    seqs: [
      [3, 3],
      [7, 7],
    ],
  });
  expect(frameIdsOf(next.taken.info)).toEqual(['3', '7', 'srv-0', 'srv-1']);
  const ids = next.taken.block.frames.map(({ frame_id }) => frame_id);
  expect(ids.toSorted()).toEqual(frameIdsOf(next.taken.info).toSorted());
});
