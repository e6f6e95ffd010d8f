import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionOrder, isBefore } from './connection-order.ts';

const arrival = fc.record({ atMs: fc.integer({ min: 0, max: 3 }), id: fc.constantFrom('a', 'b', 'c') });

test('of two different arrivals exactly one is before the other', () => {
  fc.assert(
    fc.property(arrival, arrival, (one, other) => {
      const isSame = one.atMs === other.atMs && one.id === other.id;
      expect(Number(isBefore(one, other)) + Number(isBefore(other, one))).toBe(isSame ? 0 : 1);
    }),
  );
});

test('the order has no cycles', () => {
  fc.assert(
    fc.property(arrival, arrival, arrival, (a, b, c) => {
      const isCycle = isBefore(a, b) && isBefore(b, c) && !isBefore(a, c);
      expect(isCycle).toBe(false);
    }),
  );
});

test('a later arrival of one replica is never before an earlier one, even if the clock stands still or is set back', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2 }), (clock) => {
      let reading = 0;
      const order = new ConnectionOrder(() => clock[reading] ?? 0);
      const arrivals = clock.map((_, index) => {
        reading = index;
        return order.next();
      });
      for (const [index, earlier] of arrivals.entries()) {
        for (const later of arrivals.slice(index + 1)) expect(isBefore(earlier, later)).toBe(true);
      }
    }),
  );
});

test('an arrival is after every one that was seen of other replicas, however far ahead their clocks are', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 10_000 })), fc.nat({ max: 5000 }), (seenMs, nowMs) => {
      const order = new ConnectionOrder(() => nowMs);
      for (const atMs of seenMs) order.seen({ atMs });
      const { atMs } = order.next();
      expect(atMs).toBeGreaterThanOrEqual(nowMs);
      expect(seenMs.every((ms) => ms < atMs)).toBe(true);
    }),
  );
});
