import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deg } from '../../test/rule-run.ts';
import {
  farEnter,
  farLeave,
  headExcess,
  headOf,
  isHeadForward,
  relativeToBaseline,
  turnedEnterRad,
  turnedLeaveRad,
  turnedRad,
} from './head-away.ts';

const baseline = { head_yaw: 10 * deg, head_pitch: -5 * deg, place: null };
const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });

describe('head angles', () => {
  test('are unknown if one of them is', () => {
    expect(headOf({ head_yaw: 0.1, head_pitch: -0.2 })).toEqual({ yaw: 0.1, pitch: -0.2 });
    expect(headOf({ head_yaw: 0.1, head_pitch: null })).toBeNull();
    expect(headOf({ head_pitch: 0.1 })).toBeNull();
  });

  test('relative to the baseline are the difference', () => {
    const { yaw, pitch } = relativeToBaseline({ yaw: 30 * deg, pitch: 0 }, baseline);
    expect([yaw / deg, pitch / deg]).toEqual([expect.closeTo(20), expect.closeTo(5)]);
  });

  test.each([
    [38, 0],
    [-38, 0],
    [0, 30],
    [0, -38],
  ])('yaw %s° and pitch %s° are exactly at the limit', (yaw, pitch) => {
    expect(headExcess({ yaw: yaw * deg, pitch: pitch * deg }, farEnter)).toBeCloseTo(1, 10);
    expect(headExcess({ yaw: yaw * deg * 2, pitch: pitch * deg * 2 }, farEnter)).toBeCloseTo(2, 10);
  });

  test('need less to stay away than to open', () => {
    expect(farLeave.yaw).toBeLessThan(farEnter.yaw);
    expect(farLeave.up).toBeLessThan(farEnter.up);
    expect(farLeave.down).toBeLessThan(farEnter.down);
    expect(turnedLeaveRad).toBeLessThan(turnedEnterRad);
  });
});

describe('the turn to a side', () => {
  test('is the smaller of the turns from the camera and from the baseline', () => {
    expect(turnedRad({ yaw: -30 * deg, pitch: 0 }, null)).toBeCloseTo(30 * deg);
    expect(turnedRad({ yaw: 30 * deg, pitch: 0 }, baseline)).toBeCloseTo(20 * deg);
    expect(turnedRad({ yaw: -30 * deg, pitch: 0 }, baseline)).toBeCloseTo(30 * deg);
  });

  test('is never made greater by a baseline', () => {
    fc.assert(
      fc.property(angle, angle, (yaw, usualYaw) => {
        const head = { yaw, pitch: 0 };
        expect(turnedRad(head, { ...baseline, head_yaw: usualYaw })).toBeLessThanOrEqual(turnedRad(head, null));
      }),
    );
  });

  test('is forward below 20°', () => {
    expect(isHeadForward({ head_yaw: 19.9 * deg, head_pitch: 0 }, null)).toBe(true);
    expect(isHeadForward({ head_yaw: 20.1 * deg, head_pitch: 0 }, null)).toBe(false);
    expect(isHeadForward({ head_yaw: 29 * deg, head_pitch: 0 }, baseline)).toBe(true);
    expect(isHeadForward({ head_yaw: null, head_pitch: 0 }, null)).toBe(false);
  });
});
