import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RisingClock } from './rising-clock.ts';

test('follows the device clock, including sleep', () => {
  const clock = new RisingClock(0, 0);
  expect(clock.at(1_000_000, 10)).toBe(1_000_000);
  expect(clock.at(1_000_200, 210)).toBe(1_000_200);
  expect(clock.at(1_900_000, 400)).toBe(1_900_000);
  expect(clock.correctionMs).toBe(0);
});

test('continues by the monotonic clock if the device clock is set back, and returns the difference', () => {
  const clock = new RisingClock(0, 0);
  clock.at(5_000_000, 1000);
  expect(clock.at(1_400_200, 1200)).toBe(5_000_200);
  expect(clock.correctionMs).toBe(3_600_000);
  expect(clock.at(1_400_400, 1400)).toBe(5_000_400);
});

test('continues from the last time of an earlier page', () => {
  expect(new RisingClock(9000, 50).at(8000, 60)).toBe(9010);
});

test('always rises, for any clocks', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(10_000), fc.nat(10_000)), { minLength: 2 }), (readings) => {
      const clock = new RisingClock(0, 0);
      let lastMs = 0;
      for (const [wallMs, monotonicMs] of readings) {
        const atMs = clock.at(wallMs, monotonicMs);
        expect(atMs).toBeGreaterThan(lastMs);
        lastMs = atMs;
      }
    }),
  );
});
