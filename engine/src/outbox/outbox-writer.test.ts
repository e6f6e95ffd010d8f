import { expect, test } from 'vitest';
import { DeadlineError } from '../timing/deadline.ts';
import { LossLedger } from './loss-ledger.ts';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import { outboxEntry } from './outbox-entry.ts';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxChange } from './outbox-store.ts';
import { OutboxWriter } from './outbox-writer.ts';

/** A disk whose next writes fail, or wait until the test continues them. */
class Disk extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  readonly changes: OutboxChange[] = [];
  failures: Error[] = [];
  isHeld = false;
  #letGo = (): void => undefined;

  letGo(): void {
    this.isHeld = false;
    this.#letGo();
  }

  override async write(change: OutboxChange): Promise<void> {
    this.changes.push(change);
    if (this.isHeld) await new Promise<void>((resolve) => (this.#letGo = resolve));
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    return super.write(change);
  }
}

const entry = (seq: number): OutboxEntry => outboxEntry({ seq, timestamp: 1000 + seq });

const setUp = () => {
  const disk = new Disk();
  const losses = new LossLedger();
  const pending = new Set<number>();
  const stored: number[][] = [];
  const spills: unknown[] = [];
  const writer = new OutboxWriter(disk, {
    losses,
    head: () => ({ nextSeq: 9, lastTimestampMs: 9, guarded: [], lost: losses.counts }),
    isPending: (seq) => pending.has(seq),
    onStored: (seqs) => stored.push([...seqs]),
    onSpill: (cause) => spills.push(cause),
  });
  const put = (...seqs: number[]): void => {
    for (const seq of seqs) {
      pending.add(seq);
      writer.put(entry(seq));
    }
  };
  const remove = (...seqs: number[]): void => {
    for (const seq of seqs) pending.delete(seq);
    writer.remove(seqs);
  };
  const onDisk = async (): Promise<number[]> => (await disk.load()).entries.map(({ seq }) => seq);
  return { disk, losses, writer, put, remove, stored, spills, onDisk };
};

test('writes what has collected in one change', async () => {
  const { disk, writer, put, remove, stored, onDisk } = setUp();
  put(0, 1, 2);
  await writer.flush();
  put(3);
  remove(0, 1);
  await writer.flush();
  expect(disk.changes).toHaveLength(2);
  expect(disk.changes[1]).toMatchObject({ remove: [[0, 1]] });
  expect(stored).toEqual([[0, 1, 2], [3]]);
  expect(await onDisk()).toEqual([2, 3]);
});

test('writes nothing when there is nothing to write', async () => {
  const { disk, writer } = setUp();
  await writer.flush();
  expect(disk.changes).toEqual([]);
});

test('a frame that is removed before it was written is never written', async () => {
  const { disk, writer, put, remove } = setUp();
  put(0, 1);
  remove(0);
  await writer.flush();
  expect(disk.changes[0]?.put.map(({ seq }) => seq)).toEqual([1]);
});

test('writes one change at a time, and batches those that arrive during a write', async () => {
  const { disk, writer, put, onDisk } = setUp();
  disk.isHeld = true;
  put(0);
  const first = writer.flush();
  put(1);
  const second = writer.flush();
  await Promise.resolve();
  expect(disk.changes).toHaveLength(1);
  disk.letGo();
  await Promise.all([first, second]);
  expect(disk.changes).toHaveLength(2);
  expect(await onDisk()).toEqual([0, 1]);
});

test('a frame that was acknowledged during its write is removed again, and is not offered as stored', async () => {
  const { disk, writer, put, remove, stored, onDisk } = setUp();
  disk.isHeld = true;
  put(0, 1);
  const flushed = writer.flush();
  remove(0);
  disk.letGo();
  await flushed;
  expect(stored).toEqual([[1]]);
  await writer.flush();
  expect(await onDisk()).toEqual([1]);
});

test('a failed write is repeated with the next flush, together with later changes', async () => {
  const { disk, losses, writer, put, remove, stored, spills, onDisk } = setUp();
  losses.add('rejected', [[7, 7]]);
  disk.failures = [new Error('busy')];
  put(0, 1, 2);
  await writer.flush();
  expect(stored).toEqual([]);
  remove(1);
  put(3);
  await writer.flush();
  expect(stored).toEqual([[0, 2, 3]]);
  expect(await onDisk()).toEqual([0, 2, 3]);
  expect((await disk.load()).lostRanges).toEqual([{ reason: 'rejected', seqs: [7, 7] }]);
  expect(spills).toEqual([]);
  expect(writer.store).toBe(disk);
});

test('continues in memory after two failures in a row, and loses nothing', async () => {
  const { disk, writer, put, stored, spills } = setUp();
  const full = new DOMException('full', 'QuotaExceededError');
  disk.failures = [full, full];
  put(0);
  await writer.flush();
  expect(writer.store.kind).toBe('indexeddb');
  await writer.flush();
  expect(writer.store.kind).toBe('memory');
  expect(spills).toEqual([full]);
  put(1);
  await writer.flush();
  expect(stored).toEqual([[0, 1]]);
  expect((await writer.store.read(0, 9)).map(({ seq }) => seq)).toEqual([0, 1]);
});

test('a success between two failures keeps the disk', async () => {
  const { disk, writer, put, spills } = setUp();
  for (let time = 0; time < 3; time += 1) {
    disk.failures = [new Error('busy')];
    put(time);
    await writer.flush();
    await writer.flush();
  }
  expect(spills).toEqual([]);
  expect(writer.store).toBe(disk);
});

test('does not wait a second time for a disk that gave no answer', async () => {
  const { disk, writer, put, spills } = setUp();
  disk.failures = [new DeadlineError('writing the outbox', 5000)];
  put(0);
  await writer.flush();
  expect(writer.store.kind).toBe('memory');
  expect(spills).toHaveLength(1);
});
