import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('gives its burst at once, then its rate', () => {
  const bucket = new TokenBucket(2, 3, 0);
  expect([1, 2, 3, 4].map(() => bucket.take(1, 0))).toEqual([true, true, true, false]);
  expect(bucket.waitMs(1)).toBe(500);
  expect(bucket.take(1, 499)).toBe(false);
  expect(bucket.take(1, 500)).toBe(true);
});

test('holds at most its burst after a long pause, and does not shrink when the clock goes back', () => {
  const bucket = new TokenBucket(10, 2, 1000);
  expect([1, 2, 3].map(() => bucket.take(1, 3_600_000))).toEqual([true, true, false]);
  expect(bucket.take(1, 0)).toBe(false);
});

test('never gives more than burst and rate allow, for any sequence of requests', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ waitMs: fc.nat(300), amount: fc.integer({ min: 1, max: 5 }) })), (asks) => {
      const bucket = new TokenBucket(7, 20, 0);
      let nowMs = 0;
      let taken = 0;
      for (const { waitMs, amount } of asks) {
        nowMs += waitMs;
        if (bucket.take(amount, nowMs)) taken += amount;
        expect(taken).toBeLessThanOrEqual(20 + (nowMs / 1000) * 7 + 1e-6);
      }
    }),
  );
});
