import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FrameCache } from './frame-cache.ts';
import type { OutboxEntry } from './outbox-entry.ts';

const entry = (seq: number, bytes = 10, timestamp = seq): OutboxEntry => ({
  seq,
  timestampMs: timestamp,
  bytes,
  frame: { seq, timestamp },
});

const cacheOf = (...entries: OutboxEntry[]): FrameCache => {
  const cache = new FrameCache();
  for (const each of entries) cache.set(each);
  return cache;
};

const newest = (cache: FrameCache): number[] => cache.newestFirst().map(({ seq }) => seq);

test('gives the frames back, newest first', () => {
  const cache = cacheOf(entry(1), entry(2), entry(3));
  expect(newest(cache)).toEqual([3, 2, 1]);
  expect(cache.get(2)).toEqual({ seq: 2, timestamp: 2 });
  expect(cache.get(9)).toBeUndefined();
});

test('a frame that is replaced keeps its place', () => {
  const cache = cacheOf(entry(1), entry(2), entry(3));
  cache.set(entry(2, 10, 99));
  expect(newest(cache)).toEqual([3, 2, 1]);
  expect(cache.get(2)?.timestamp).toBe(99);
});

test('drops the oldest until the rest fits', () => {
  const cache = cacheOf(entry(1), entry(2), entry(3), entry(4));
  cache.shrink(25, () => true);
  expect(newest(cache)).toEqual([4, 3]);
});

test('keeps what may not be dropped, and drops the next in its place', () => {
  const cache = cacheOf(entry(1), entry(2), entry(3));
  cache.shrink(10, (seq) => seq !== 1);
  expect(newest(cache)).toEqual([1]);
  cache.shrink(0, () => false);
  expect(newest(cache)).toEqual([1]);
});

test('counts the bytes of a replaced frame once', () => {
  const cache = cacheOf(entry(1, 10), entry(2, 10));
  cache.set(entry(1, 30));
  cache.shrink(40, () => true);
  expect(newest(cache)).toEqual([2, 1]);
  cache.set(entry(1, 5));
  cache.shrink(15, () => true);
  expect(newest(cache)).toEqual([2, 1]);
});

test('whatever is set and deleted, the bytes that it counts are those that it holds', () => {
  const change = fc.record({ seq: fc.nat(9), bytes: fc.integer({ min: 1, max: 50 }), isDeleted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
      const cache = new FrameCache();
      for (const { seq, bytes, isDeleted } of changes) {
        if (isDeleted) cache.delete(seq);
        else cache.set(entry(seq, bytes));
      }
      const held = cache.newestFirst();
      const bytes = held.reduce((sum, each) => sum + each.bytes, 0);
      // With exactly this room no frame is dropped; with one byte less, one is.
      cache.shrink(bytes, () => true);
      expect(cache.newestFirst()).toHaveLength(held.length);
      if (held.length === 0) return;
      cache.shrink(bytes - 1, () => true);
      expect(cache.newestFirst()).toHaveLength(held.length - 1);
    }),
  );
});
