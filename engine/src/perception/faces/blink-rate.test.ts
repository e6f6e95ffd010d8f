import { describe, expect, test } from 'vitest';
import { BlinkRate } from './blink-rate.ts';

const never: (atMs: number) => boolean = () => false;

/** A person who blinks regularly, observed at this interval. @returns the last rate. */
const watch = (blinksPerMin: number, everyMs: number, { durationMs = 60_000, lateMs = 0, isShut = never } = {}) => {
  const rate = new BlinkRate();
  const periodMs = 60_000 / blinksPerMin;
  let last: number | null = null;
  for (let atMs = 0; atMs <= durationMs; atMs += everyMs) {
    last = rate.update((blinksPerMin > 0 && (atMs + lateMs) % periodMs < 170) || isShut(atMs), atMs);
  }
  return last;
};

describe('blink rate', () => {
  test.each([
    [17, 66],
    [17, 380],
    [29, 310],
    [7, 410],
  ])('a rate of %i a minute is estimated from observations every %i ms', (blinksPerMin, everyMs) => {
    // Which blinks are observed is random; over many minutes it evens out.
    const minutes = Array.from({ length: 40 }, (_, i) => watch(blinksPerMin, everyMs, { lateMs: i * 97 }) ?? NaN);
    const mean = minutes.reduce((sum, rate) => sum + rate, 0) / minutes.length;
    expect(mean / blinksPerMin).toBeGreaterThan(0.8);
    expect(mean / blinksPerMin).toBeLessThan(1.2);
  });

  test('open eyes do not blink', () => {
    expect(watch(0, 380)).toBe(0);
  });

  test('closed resting eyes are not blinks', () => {
    expect(watch(0, 100, { isShut: (atMs) => atMs > 30_000 && atMs < 40_000 })).toBe(0);
  });

  test('is unknown before enough was observed', () => {
    expect(watch(17, 380, { durationMs: 10_000 })).toBeNull();
    const rate = new BlinkRate();
    for (let atMs = 0; atMs < 100_000; atMs += 10_000) expect(rate.update(false, atMs)).toBeNull();
  });
});
