import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClientFrame } from './client-frame.ts';
import { KeptFrames } from './kept-frames.ts';
import { LossLedger } from './loss-ledger.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxStore } from './outbox-store.ts';
import { renumberFrames, shiftFrames } from './renumbering.ts';

class Disk extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  isReadable = true;

  override async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    if (!this.isReadable) throw new Error('unreadable');
    return super.read(fromSeq, toSeq);
  }
}

const frame = (seq: number): ClientFrame => ({ seq, timestamp: 1000 + seq, hand_count: seq });

/** Stored frames with these numbers. @param maxCachedBytes 0: only the disk has them. */
const stored = async (seqs: readonly number[], maxCachedBytes = 0) => {
  const disk = new Disk();
  const kept = new KeptFrames(disk as OutboxStore, [], {
    losses: new LossLedger(),
    head: () => ({ nextSeq: 0, lastTimestampMs: 0, guarded: [], lost: {} }),
    maxCachedBytes,
    onSpill: () => undefined,
  });
  for (const seq of seqs) kept.put(frame(seq));
  await kept.flush();
  const onDisk = async (): Promise<ClientFrame[]> => (await disk.read(0, Infinity)).map((entry) => entry.frame);
  return { disk, kept, onDisk };
};

test('moves the numbers from the first own frame on, on the disk too, and nothing else of the frames', async () => {
  const { kept, onDisk } = await stored([2, 3, 4]);
  expect(await renumberFrames(kept, 3, 40)).toEqual([]);
  await kept.flush();
  expect(kept.pending.seqs()).toEqual([2, 43, 44]);
  expect(await onDisk()).toEqual([frame(2), { ...frame(3), seq: 43 }, { ...frame(4), seq: 44 }]);
});

test('numbers that overlap with the old ones lose no frame', async () => {
  const { kept, onDisk } = await stored([0, 1, 2, 3]);
  await renumberFrames(kept, 0, 1);
  await kept.flush();
  expect((await onDisk()).map(({ hand_count }) => hand_count)).toEqual([0, 1, 2, 3]);
  expect(kept.pending.seqs()).toEqual([1, 2, 3, 4]);
});

test('names what storage no longer holds, by its new number', async () => {
  const { disk, kept } = await stored([0, 1, 2]);
  await disk.write({
    put: [],
    remove: [[1, 1]],
    head: { nextSeq: 3, lastTimestampMs: 0, guarded: [], lost: {} },
    lostRanges: null,
  });
  expect(await renumberFrames(kept, 0, 10)).toEqual([11]);
  expect(kept.pending.seqs()).toEqual([10, 12]);
});

test('changes nothing when the frames cannot be read', async () => {
  const { disk, kept } = await stored([0, 1]);
  disk.isReadable = false;
  await expect(renumberFrames(kept, 0, 10)).rejects.toThrow('unreadable');
  expect(kept.pending.seqs()).toEqual([0, 1]);
  disk.isReadable = true;
  expect((await kept.read([0, 1])).frames).toEqual([frame(0), frame(1)]);
});

test('moves the times of frames that were never sent, and of no others', async () => {
  const { kept, onDisk } = await stored([0, 1, 2, 3]);
  kept.pending.markSent(1);
  expect(await shiftFrames(kept, 1, 2, 500)).toBe(true);
  await kept.flush();
  expect((await onDisk()).map(({ timestamp }) => timestamp)).toEqual([1000, 1001, 1502, 1003]);
});

test('leaves the times as they are when the frames cannot be read', async () => {
  const { disk, kept } = await stored([0, 1]);
  disk.isReadable = false;
  expect(await shiftFrames(kept, 0, 1, 500)).toBe(false);
  disk.isReadable = true;
  expect((await kept.read([0, 1])).frames).toEqual([frame(0), frame(1)]);
});

test('each frame survives any renumbering once, whether memory or the disk has it', async () => {
  const numbers = fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 20 });
  const parts = fc.tuple(numbers, fc.nat(50), fc.integer({ min: 1, max: 60 }), fc.constantFrom(0, 60, 100_000));
  await fc.assert(
    fc.asyncProperty(parts, async ([unsorted, fromSeq, distance, maxCachedBytes]) => {
      const seqs = unsorted.toSorted((a, b) => a - b);
      // The server never causes renumbering onto earlier frames of this client.
      const first = seqs.find((seq) => seq >= fromSeq) ?? Infinity;
      const { kept, onDisk } = await stored(seqs, maxCachedBytes);
      expect(await renumberFrames(kept, first, distance)).toEqual([]);
      await kept.flush();
      const moved = seqs.map((seq) => (seq >= first ? seq + distance : seq));
      expect(kept.pending.seqs()).toEqual(moved);
      expect((await onDisk()).map(({ seq }) => seq)).toEqual(moved);
      expect((await onDisk()).map(({ hand_count }) => hand_count)).toEqual(seqs);
    }),
    { numRuns: 60 },
  );
});
