import { describe, expect, test } from 'vitest';
import { AchievedRates } from './achieved-rates.ts';

describe('achieved rates', () => {
  test('are the runs of the last ten seconds, and their cost', () => {
    const rates = new AchievedRates();
    for (let atMs = 0; atMs < 60_000; atMs += 200) {
      rates.ran('face', atMs, 20);
      if (atMs % 1000 === 0) rates.ran('phone', atMs, 100);
    }
    expect(rates.rateHz('face', 59_800)).toBeCloseTo(5, 0);
    expect(rates.rateHz('phone', 59_800)).toBeCloseTo(1, 0);
    expect(rates.rateHz('hands', 59_800)).toBe(0);
    expect(rates.load(59_800)).toBeCloseTo(0.2, 1);
  });

  test('are unknown at the beginning', () => {
    const rates = new AchievedRates();
    rates.ran('face', 0, 20);
    expect([rates.rateHz('face', 500), rates.load(500)]).toEqual([null, null]);
  });
});
