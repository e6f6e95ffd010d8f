import { describe, expect, test } from 'vitest';
import { MemoryOutboxStore } from './memory-outbox-store.ts';
import { Outbox } from './outbox.ts';
import type { Features } from '@invigil/protocol/frame';
import type { OutboxEntry } from './outbox-entry.ts';
import type { OutboxChange, OutboxStore } from './outbox-store.ts';

const limits = { maxFrames: 100, maxBytes: 100_000, maxCachedBytes: 200 };
const all = { fromSeq: 0, toSeq: Infinity };
const most = { frames: 10, bytes: 10_000 };

/** A disk that refuses on request. */
class Disk extends MemoryOutboxStore {
  override readonly kind = 'indexeddb';
  refuses = false;
  isReadable = true;

  override async write(change: OutboxChange): Promise<void> {
    if (this.refuses) throw new DOMException('full', 'QuotaExceededError');
    return super.write(change);
  }

  override async read(fromSeq: number, toSeq: number): Promise<OutboxEntry[]> {
    if (!this.isReadable) throw new DOMException('closing', 'InvalidStateError');
    return super.read(fromSeq, toSeq);
  }
}

const append = (outbox: Outbox, readings: Features, timestamp: number): void =>
  outbox.append({ seq: outbox.nextSeq, timestamp, ...readings });

const fill = (outbox: Outbox, count: number): void => {
  for (let index = 0; index < count; index += 1) append(outbox, { no_of_face: 1 }, 1000 + outbox.nextSeq * 200);
};

describe('outbox', () => {
  test('offers a frame for sending only once it is stored', async () => {
    const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
    fill(outbox, 2);
    expect(outbox.sendable(all, most)).toEqual([]);
    await outbox.flush();
    expect(outbox.sendable(all, most)).toEqual([0, 1]);
    expect(await outbox.read([0, 1])).toEqual([
      { seq: 0, timestamp: 1000, no_of_face: 1 },
      { seq: 1, timestamp: 1200, no_of_face: 1 },
    ]);
  });

  test('reads frames from the store that are no longer in memory', async () => {
    const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
    fill(outbox, 50);
    await outbox.flush();
    expect(outbox.cached(10_000).length).toBeLessThan(10);
    expect((await outbox.read(outbox.sendable(all, most))).map(({ seq }) => seq)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  test('forgets acknowledged frames, on the disk too, and continues numbering after a reload', async () => {
    const store = new MemoryOutboxStore();
    const outbox = await Outbox.open(store, limits);
    fill(outbox, 10);
    await outbox.flush();
    outbox.acknowledge(3, [[7, 8]]);
    expect(outbox.sendable(all, most)).toEqual([4, 5, 6, 9]);
    await outbox.flush();
    const again = await Outbox.open(store, limits);
    expect(again.sendable(all, most)).toEqual([4, 5, 6, 9]);
    expect(again.nextSeq).toBe(10);
    append(again, {}, 9000);
    expect(again.lastTimestampMs).toBe(9000);
  });

  test('a frame that is acknowledged while it is being written does not return', async () => {
    const store = new MemoryOutboxStore();
    const outbox = await Outbox.open(store, limits);
    fill(outbox, 1);
    const flushed = outbox.flush();
    outbox.acknowledge(0, []);
    await flushed;
    await outbox.flush();
    expect((await store.load()).entries).toEqual([]);
  });

  test('counts the frames that a full outbox gives up, and keeps those around an observation', async () => {
    const outbox = await Outbox.open(new MemoryOutboxStore(), limits);
    fill(outbox, 60);
    outbox.protect('face_absent-30', 1000 + 30 * 200, 1000 + 32 * 200);
    fill(outbox, 400);
    expect(outbox.waitingFrames).toBeLessThanOrEqual(100);
    expect(outbox.lost).toEqual({ outbox_full: 460 - outbox.waitingFrames });
    await outbox.flush();
    const seqs = outbox.sendable(all, { frames: 1000, bytes: Infinity });
    // Five seconds before and after, at five frames a second.
    for (let seq = 5; seq <= 57; seq += 1) expect(seqs).toContain(seq);
    const lost = outbox.lostRanges.reduce((sum, { seqs: [from, to] }) => sum + to - from + 1, 0);
    expect(lost).toBe(460 - outbox.waitingFrames);
  });

  test('remembers after a reload which losses the server has not confirmed', async () => {
    const store = new MemoryOutboxStore();
    const outbox = await Outbox.open(store, limits);
    fill(outbox, 3);
    outbox.reject(1);
    await outbox.flush();
    const again = await Outbox.open(store, limits);
    expect(again.lostRanges).toEqual([{ reason: 'rejected', seqs: [1, 1] }]);
    expect(again.lost).toEqual({ rejected: 1 });
    again.acknowledge(1, []);
    expect(again.lostRanges).toEqual([]);
    expect(again.lost).toEqual({ rejected: 1 });
  });

  test('bounds a batch by its bytes on the wire, not by its characters, after a reload too', async () => {
    const store = new MemoryOutboxStore();
    const outbox = await Outbox.open(store, limits);
    // Not a reading, but text that takes three bytes per character.
    for (let at = 1; at <= 5; at += 1) append(outbox, { head_pose: '前'.repeat(100) as 'forward' }, at * 1000);
    await outbox.flush();
    for (const page of [outbox, await Outbox.open(store, limits)]) {
      const frames = await page.read(page.sendable(all, { frames: 10, bytes: 1200 }));
      expect(frames).toHaveLength(3);
      expect(new TextEncoder().encode(JSON.stringify(frames).slice(1, -1)).length).toBeLessThanOrEqual(1200);
    }
  });

  test('waits for a disk that is briefly unreadable, and counts its frames as lost if it stays so', async () => {
    const disk: Disk = new Disk();
    const outbox = await Outbox.open(disk as OutboxStore, limits);
    fill(outbox, 30);
    await outbox.flush();
    const seqs = outbox.sendable(all, most);
    disk.isReadable = false;
    for (let time = 1; time <= 4; time += 1) expect(await outbox.read(seqs)).toEqual([]);
    expect(outbox.lostFrames).toBe(0);
    disk.isReadable = true;
    expect(await outbox.read(seqs)).toHaveLength(10);
    disk.isReadable = false;
    for (let time = 1; time <= 5; time += 1) await outbox.read(seqs);
    expect(outbox.lost).toEqual({ storage_failed: 10 });
  });

  test('continues in memory when the disk refuses writes, and still reads frames from it', async () => {
    const disk: Disk = new Disk();
    const causes: unknown[] = [];
    const outbox = await Outbox.open(disk as OutboxStore, limits, (cause) => causes.push(cause));
    fill(outbox, 30);
    await outbox.flush();
    disk.refuses = true;
    fill(outbox, 2);
    await outbox.flush();
    expect(outbox.storage).toBe('indexeddb');
    expect(outbox.sendable(all, { frames: 100, bytes: Infinity })).toHaveLength(30);
    await outbox.flush();
    await outbox.flush();
    expect(outbox.storage).toBe('memory');
    expect(causes).toHaveLength(1);
    const seqs = outbox.sendable(all, { frames: 100, bytes: Infinity });
    expect(seqs).toHaveLength(32);
    expect((await outbox.read(seqs)).map(({ seq }) => seq)).toEqual(seqs);
    expect(outbox.lostFrames).toBe(0);
  });
});
