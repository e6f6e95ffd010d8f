import { describe, expect, it } from 'vitest';
import { placeOf, ticksOf } from './time-axis.ts';

describe('ticksOf', () => {
  it.each([
    [82, [0, 15, 30, 45, 60, 75]],
    [5, [0, 1, 2, 3, 4]],
    [5400, [0, 900, 1800, 2700, 3600, 4500]],
  ])('gives round moments for %d s', (durationS, expected) => {
    expect(ticksOf(durationS)).toEqual(expected);
  });

  it('gives few ticks for a session of any length', () => {
    for (let durationS = 1; durationS < 40_000; durationS = Math.ceil(durationS * 1.1)) {
      expect(ticksOf(durationS).length).toBeLessThanOrEqual(8);
    }
  });

  it('gives the beginning alone for an empty session', () => {
    expect(ticksOf(0)).toEqual([0]);
  });
});

describe('placeOf', () => {
  it('places an interval by its share of the whole', () => {
    expect(placeOf(10, 30, 100)).toEqual({ left: '10.000%', width: '20.000%' });
  });

  it('cuts an interval that goes beyond the whole', () => {
    expect(placeOf(-5, 200, 100)).toEqual({ left: '0.000%', width: '100.000%' });
  });

  it('gives nothing of an empty session', () => {
    expect(placeOf(0, 1, 0)).toEqual({ left: '0.000%', width: '0.000%' });
  });
});
