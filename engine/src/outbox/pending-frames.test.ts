import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PendingFrames } from './pending-frames.ts';

const all = { fromSeq: 0, toSeq: Infinity, maxFrames: 100, maxBytes: 10_000 };

const pendingOf = (count: number, bytes = 10): PendingFrames => {
  const pending = new PendingFrames();
  for (let seq = 0; seq < count; seq += 1) {
    pending.set({ seq, timestampMs: seq, bytes }, { stored: true, sent: false });
  }
  return pending;
};

test('counts frames and bytes, also when a frame is replaced or deleted twice', () => {
  const pending = pendingOf(3);
  expect([pending.size, pending.bytes]).toEqual([3, 30]);
  pending.set({ seq: 1, timestampMs: 1, bytes: 25 }, { stored: true, sent: false });
  expect([pending.size, pending.bytes]).toEqual([3, 45]);
  pending.delete(1);
  pending.delete(1);
  pending.delete(77);
  expect([pending.size, pending.bytes]).toEqual([2, 20]);
});

test('offers only frames that are stored', () => {
  const pending = new PendingFrames();
  for (let seq = 0; seq < 4; seq += 1) pending.set({ seq, timestampMs: 0, bytes: 1 }, { stored: false, sent: false });
  pending.markStored([1, 3, 9]);
  expect(pending.sendable(all)).toEqual([1, 3]);
  expect(pending.isStored(0)).toBe(false);
  expect(pending.isStored(9)).toBe(false);
});

test('a replaced frame has to be stored again, and keeps its place', () => {
  const pending = pendingOf(3);
  pending.set({ seq: 1, timestampMs: 5, bytes: 10 }, { stored: false, sent: false });
  expect(pending.sendable(all)).toEqual([0, 2]);
  pending.markStored([1]);
  expect(pending.sendable(all)).toEqual([0, 1, 2]);
});

test('stays within the range and the limits of a batch', () => {
  const pending = pendingOf(20);
  expect(pending.sendable({ ...all, fromSeq: 5, toSeq: 7 })).toEqual([5, 6, 7]);
  expect(pending.sendable({ ...all, maxFrames: 2 })).toEqual([0, 1]);
  // Each frame takes its ten bytes and one for the comma.
  expect(pending.sendable({ ...all, maxBytes: 33 })).toEqual([0, 1, 2]);
  expect(pending.sendable({ ...all, maxBytes: 32 })).toEqual([0, 1]);
});

test('a frame that is larger than the limit goes alone', () => {
  const pending = pendingOf(2, 5000);
  expect(pending.sendable({ ...all, maxBytes: 100 })).toEqual([0]);
});

test('remembers which frames were sent', () => {
  const pending = pendingOf(2);
  pending.markSent(1);
  pending.markSent(99);
  expect(pending.all().map(({ sent }) => sent)).toEqual([false, true]);
});

test('lists everything up to a number', () => {
  const pending = pendingOf(5);
  pending.delete(1);
  expect(pending.upTo(3)).toEqual([0, 2, 3]);
  expect(pending.upTo(-1)).toEqual([]);
  expect(pending.upTo(Infinity)).toEqual([0, 2, 3, 4]);
});

test('a batch is always the oldest sendable frames, and never over the limits', () => {
  const frames = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 300 }), stored: fc.boolean() }), {
    maxLength: 40,
  });
  const limits = fc.record({ maxFrames: fc.integer({ min: 1, max: 20 }), maxBytes: fc.integer({ min: 1, max: 900 }) });
  fc.assert(
    fc.property(frames, limits, (list, { maxFrames, maxBytes }) => {
      const pending = new PendingFrames();
      list.forEach(({ bytes, stored }, seq) => pending.set({ seq, timestampMs: 0, bytes }, { stored, sent: false }));
      const batch = pending.sendable({ fromSeq: 0, toSeq: Infinity, maxFrames, maxBytes });
      const stored = list.flatMap((frame, seq) => (frame.stored ? [seq] : []));
      expect(batch).toEqual(stored.slice(0, batch.length));
      expect(batch.length).toBeLessThanOrEqual(maxFrames);
      const bytesOf = (seqs: readonly number[]): number =>
        seqs.reduce((sum, seq) => sum + (list[seq]?.bytes ?? 0) + 1, 0);
      expect(batch.length <= 1 || bytesOf(batch) <= maxBytes).toBe(true);
      // And it is no shorter than it has to be.
      const longer = stored.slice(0, batch.length + 1);
      const isComplete = longer.length === batch.length || batch.length === maxFrames;
      expect(isComplete || (batch.length > 0 && bytesOf(longer) > maxBytes)).toBe(true);
    }),
  );
});
