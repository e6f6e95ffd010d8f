import { expect, test } from 'vitest';
import { DeadlineError } from '../timing/deadline.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import { Outbox } from './outbox.ts';
import { outboxEntry } from './outbox-entry.ts';
import type { OutboxChange, OutboxHead, OutboxStore } from './outbox-store.ts';
import { PartialReadError } from './outbox-store.ts';
import { SpilledOutboxStore } from './spilled-outbox-store.ts';

const head: OutboxHead = { nextSeq: 9, lastTimestampMs: 9, guarded: [], lost: {} };
const change = (seqs: readonly number[], remove: OutboxChange['remove'] = []): OutboxChange => ({
  put: seqs.map((seq) => outboxEntry({ seq, timestamp: seq })),
  remove,
  head,
  lostRanges: null,
});

/** A disk that can stop answering. */
class HangingDisk extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  isHung = false;
  writes = 0;

  override async write(next: OutboxChange): Promise<void> {
    this.writes += 1;
    if (this.isHung) throw new DeadlineError('writing', 1);
    return super.write(next);
  }

  override async read(fromSeq: number, toSeq: number): ReturnType<OutboxStore['read']> {
    if (this.isHung) throw new DeadlineError('reading', 1);
    return super.read(fromSeq, toSeq);
  }
}

test('reports an unreadable disk as such, not as empty, with the frames in memory', async () => {
  const disk = new HangingDisk();
  await disk.write(change([0, 1]));
  const store = new SpilledOutboxStore(disk, new MemoryOutboxStore());
  await store.write(change([2]));
  disk.isHung = true;
  const error = await store.read(0, 9).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(PartialReadError);
  expect((error as PartialReadError).entries.map(({ seq }) => seq)).toEqual([2]);
  disk.isHung = false;
  expect((await store.read(0, 9)).map(({ seq }) => seq)).toEqual([0, 1, 2]);
});

test('retries removals that the disk refused', async () => {
  const disk = new HangingDisk();
  await disk.write(change([0, 1]));
  const store = new SpilledOutboxStore(disk, new MemoryOutboxStore());
  disk.isHung = true;
  await store.write(change([2], [[0, 0]]));
  disk.isHung = false;
  await store.write(change([3]));
  expect((await disk.read(0, 9)).map(({ seq }) => seq)).toEqual([1]);
});

test('an outbox continues in memory after one write without an answer, and loses nothing', async () => {
  const disk = new HangingDisk();
  const causes: unknown[] = [];
  const limits = { maxFrames: 100, maxBytes: 100_000, maxCachedBytes: 100 };
  const outbox = await Outbox.open(disk, limits, (cause) => causes.push(cause));
  const append = (): void => outbox.append({ seq: outbox.nextSeq, timestamp: 1000 + outbox.nextSeq });
  for (let frame = 0; frame < 10; frame += 1) append();
  await outbox.flush();
  disk.isHung = true;
  append();
  await outbox.flush();
  expect(outbox.storage).toBe('memory');
  expect(causes).toHaveLength(1);
  await outbox.flush();
  const seqs = Array.from({ length: 11 }, (_, seq) => seq);
  // Only the newest are in memory; the others stay pending while the disk cannot be read.
  expect((await outbox.read(seqs)).at(-1)?.seq).toBe(10);
  expect(outbox.lostFrames).toBe(0);
  expect(outbox.waitingFrames).toBe(11);
  disk.isHung = false;
  expect((await outbox.read(seqs)).map(({ seq }) => seq)).toEqual(seqs);
});
