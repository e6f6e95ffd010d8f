import { expect, test } from 'vitest';
import type { ClientFrame } from './client-frame.ts';
import { KeptFrames } from './kept-frames.ts';
import { LossLedger } from './loss-ledger.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry, OutboxEntryInfo } from './outbox-entry.ts';
import type { OutboxStore } from './outbox-store.ts';
import { PartialReadError } from './outbox-store.ts';

const frame = (seq: number, timestamp = 1000 + seq): ClientFrame => ({ seq, timestamp, no_of_face: 1 });
const seqsOf = (frames: Iterable<{ seq: number }>): number[] => [...frames].map(({ seq }) => seq);

/** A disk that can stop reading, entirely or for some of its entries. */
class Disk extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  failure: Error | null = null;
  reads = 0;

  override async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    this.reads += 1;
    if (this.failure !== null) throw this.failure;
    return super.read(fromSeq, toSeq);
  }
}

const setUp = (maxCachedBytes = 100_000, entries: readonly OutboxEntryInfo[] = [], disk = new Disk()) => {
  const kept = new KeptFrames(disk as OutboxStore, entries, {
    losses: new LossLedger(),
    head: () => ({ nextSeq: 0, lastTimestampMs: 0, guarded: [], lost: {} }),
    maxCachedBytes,
    onSpill: () => undefined,
  });
  return { disk, kept };
};

/** Ten stored frames, none of which is in memory. */
const onDiskOnly = async () => {
  const parts = setUp(0);
  for (let seq = 0; seq < 10; seq += 1) parts.kept.put(frame(seq));
  await parts.kept.flush();
  return parts;
};

test('reads from memory without asking the disk', async () => {
  const { disk, kept } = setUp();
  kept.put(frame(0));
  kept.put(frame(1));
  await kept.flush();
  expect(seqsOf((await kept.read([0, 1])).frames)).toEqual([0, 1]);
  expect(disk.reads).toBe(0);
});

test('keeps unstored frames in memory, regardless of its limit', async () => {
  const { disk, kept } = setUp(0);
  kept.put(frame(0));
  expect(seqsOf((await kept.read([0])).frames)).toEqual([0]);
  await kept.flush();
  expect(seqsOf((await kept.read([0])).frames)).toEqual([0]);
  expect(disk.reads).toBe(1);
});

test('puts together what memory and the disk hold, by rising number', async () => {
  const { kept } = await onDiskOnly();
  kept.put(frame(10));
  const { frames, lost } = await kept.read([2, 5, 10]);
  expect(seqsOf(frames)).toEqual([2, 5, 10]);
  expect(lost).toEqual([]);
});

test('frames of an earlier page are pending and stored', async () => {
  const disk = new Disk();
  const earlier = setUp(0, [], disk);
  earlier.kept.put(frame(3));
  await earlier.kept.flush();
  const { entries } = await disk.load();
  const { kept } = setUp(0, entries, disk);
  expect(kept.pending.isStored(3)).toBe(true);
  expect(seqsOf((await kept.read([3])).frames)).toEqual([3]);
});

test('returns frames that the disk no longer holds as lost', async () => {
  const { disk, kept } = await onDiskOnly();
  await disk.write({
    put: [],
    remove: [[4, 5]],
    head: { nextSeq: 10, lastTimestampMs: 0, guarded: [], lost: {} },
    lostRanges: null,
  });
  const { frames, lost } = await kept.read([3, 4, 5, 6]);
  expect(seqsOf(frames)).toEqual([3, 6]);
  expect(lost).toEqual([4, 5]);
});

test('does not return a frame as lost that was acknowledged in the meantime', async () => {
  const { kept } = await onDiskOnly();
  const reading = kept.read([0, 1]);
  kept.remove([0, 1]);
  expect((await reading).lost).toEqual([]);
});

test('an unreadable disk loses nothing until the fifth failure in a row', async () => {
  const { disk, kept } = await onDiskOnly();
  disk.failure = new DOMException('closing', 'InvalidStateError');
  for (let time = 1; time <= 4; time += 1) expect(await kept.read([0, 1])).toEqual({ frames: [], lost: [] });
  disk.failure = null;
  expect(seqsOf((await kept.read([0, 1])).frames)).toEqual([0, 1]);
  disk.failure = new Error('gone');
  for (let time = 1; time <= 4; time += 1) expect((await kept.read([0, 1])).lost).toEqual([]);
  expect((await kept.read([0, 1])).lost).toEqual([0, 1]);
});

test('reads the readable part of a failing disk', async () => {
  const { disk, kept } = await onDiskOnly();
  const [first, second] = await disk.read(0, 1);
  disk.failure = new PartialReadError(first === undefined ? [] : [first], new Error('hung'));
  const { frames, lost } = await kept.read([0, 1]);
  expect(seqsOf(frames)).toEqual([0]);
  expect(lost).toEqual([]);
  expect(second?.seq).toBe(1);
});

test('reading a range rejects while the disk fails, and returns the remaining frames after five failures', async () => {
  const { disk, kept } = await onDiskOnly();
  kept.put(frame(10));
  disk.failure = new Error('hung');
  for (let time = 1; time <= 4; time += 1) await expect(kept.readRange(0, Infinity)).rejects.toThrow('hung');
  expect([...(await kept.readRange(0, Infinity)).keys()]).toEqual([10]);
});

test('a replaced frame is stored and read in its new form, and is still known to be sent', async () => {
  const { kept } = await onDiskOnly();
  kept.pending.markSent(4);
  kept.replace(frame(4, 99));
  expect(kept.pending.isStored(4)).toBe(false);
  await kept.flush();
  expect((await kept.read([4])).frames).toEqual([frame(4, 99)]);
  expect(kept.pending.get(4)).toMatchObject({ stored: true, sent: true });
  expect(kept.pending.seqs()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('offers the newest stored frames of memory that may be sent, within the bytes, in order', async () => {
  const { kept } = setUp();
  for (let seq = 0; seq < 6; seq += 1) kept.put(frame(seq));
  await kept.flush();
  kept.put(frame(6));
  const bytes = new Blob([JSON.stringify(frame(0))]).size + 1;
  expect(seqsOf(kept.cached(bytes * 3, () => true))).toEqual([3, 4, 5]);
  expect(seqsOf(kept.cached(bytes * 3 - 1, () => true))).toEqual([4, 5]);
  expect(seqsOf(kept.cached(bytes * 3, (seq) => seq < 4))).toEqual([1, 2, 3]);
  expect(kept.cached(0, () => true)).toEqual([]);
});

test('offers replaced frames in the order of their numbers too', async () => {
  const { kept } = setUp();
  for (let seq = 0; seq < 4; seq += 1) kept.put(frame(seq));
  await kept.flush();
  for (const seq of [1, 2]) kept.replace(frame(seq, 50));
  await kept.flush();
  expect(seqsOf(kept.cached(10_000, () => true))).toEqual([0, 1, 2, 3]);
});
