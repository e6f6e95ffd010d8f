import { describe, expect, test } from 'vitest';
import { moved, placeOf, ticksOf, zoomed } from './time-axis.ts';

const whole = (durationS: number) => ({ fromS: 0, toS: durationS });

describe('the axis of a timeline', () => {
  test.each([
    [82, [0, 15, 30, 45, 60, 75]],
    [5, [0, 1, 2, 3, 4]],
    [5400, [0, 900, 1800, 2700, 3600, 4500]],
    [0, [0]],
  ])('has round times in %d s', (durationS, expected) => {
    expect(ticksOf(whole(durationS))).toEqual(expected);
  });

  test('has few of them in a session of any length', () => {
    for (let durationS = 1; durationS < 40_000; durationS = Math.ceil(durationS * 1.1)) {
      expect(ticksOf(whole(durationS)).length).toBeLessThanOrEqual(8);
    }
  });

  test('has round times in a part of a session', () => {
    expect(ticksOf({ fromS: 63, toS: 90 })).toEqual([65, 70, 75, 80, 85]);
  });
});

describe('a position on a timeline', () => {
  test('is at its time', () => {
    expect(placeOf(30, 60, whole(120))).toEqual({ left: '25.000%', width: '25.000%' });
    expect(placeOf(30, 60, { fromS: 40, toS: 80 })).toEqual({ left: '0.000%', width: '50.000%' });
  });

  test('is cut at the ends, and null outside', () => {
    expect(placeOf(-5, 130, whole(120))).toEqual({ left: '0.000%', width: '100.000%' });
    expect(placeOf(0, 0, whole(0))).toEqual({ left: '0.000%', width: '0.000%' });
    expect(placeOf(10, 20, { fromS: 30, toS: 40 })).toBeNull();
  });
});

describe('zooming in', () => {
  test('keeps the middle, but stays within the session', () => {
    expect(zoomed(whole(120), 2, 120)).toEqual({ fromS: 30, toS: 90 });
    expect(zoomed({ fromS: 0, toS: 20 }, 0.5, 120)).toEqual({ fromS: 0, toS: 40 });
    expect(zoomed({ fromS: 10, toS: 50 }, 0.1, 120)).toEqual(whole(120));
  });

  test('stops at the resolution of the readings', () => {
    expect(zoomed({ fromS: 59, toS: 61 }, 2, 120)).toEqual({ fromS: 59, toS: 61 });
    expect(zoomed(whole(1), 2, 1)).toEqual(whole(1));
  });

  test('moves aside, up to the end', () => {
    expect(moved({ fromS: 30, toS: 90 }, 0.5, 120)).toEqual({ fromS: 60, toS: 120 });
    expect(moved({ fromS: 30, toS: 90 }, -1, 120)).toEqual({ fromS: 0, toS: 60 });
  });
});
