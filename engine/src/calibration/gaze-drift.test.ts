import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNoise } from '../../test/support/synthetic-gaze.ts';
import { startDrift, stepDrift } from './gaze-drift.ts';
import type { DriftState } from './gaze-drift.ts';
import type { PointPx } from './gaze-sample.ts';

const errorPx = 80;

/** Clicks two seconds apart, each with this gaze error. */
const after = (missed: readonly PointPx[], from: DriftState = startDrift()): DriftState =>
  missed.reduce((state, px, index) => stepDrift(state, { missed: px, atMs: index * 2000 }, errorPx), from);

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

describe('drift', () => {
  test('is corrected slowly, towards the error that the clicks agree on', () => {
    const missed = times(20, () => ({ x: 60, y: -40 }));
    expect(after(missed.slice(0, 2)).offset).toEqual({ x: 0, y: 0 });
    expect(after(missed.slice(0, 3)).offset.x).toBeCloseTo(18);
    const settled = after(missed).offset;
    expect(settled.x).toBeGreaterThan(58);
    expect(settled.y).toBeLessThan(-38);
  });

  test('is found in noisy clicks', () => {
    const noise = createNoise(3);
    const { offset } = after(times(30, () => ({ x: 90 + 60 * noise(), y: 60 * noise() })));
    expect(Math.abs(offset.x - 90)).toBeLessThan(40);
    expect(Math.abs(offset.y)).toBeLessThan(40);
  });

  test('is not caused by an occasional click without looking', () => {
    const { offset } = after(times(24, (i) => (i % 4 === 0 ? { x: 700, y: 300 } : { x: 5, y: -5 })));
    expect(Math.hypot(offset.x, offset.y)).toBeLessThan(15);
  });

  test('is not inferred from clicks that disagree', () => {
    const noise = createNoise(8);
    const { offset } = after(times(24, () => ({ x: 500 * noise(), y: 500 * noise() })));
    expect(offset).toEqual({ x: 0, y: 0 });
  });

  test('that is too large is not corrected, and the calibration is discarded when six clicks agree', () => {
    const missed = times(6, () => ({ x: 600, y: 0 }));
    expect(after(missed.slice(0, 5))).toMatchObject({ offset: { x: 0, y: 0 }, isTooFar: false });
    expect(after(missed)).toMatchObject({ offset: { x: 0, y: 0 }, isTooFar: true });
  });

  test('that reverses is corrected back', () => {
    const drifted = after(times(20, () => ({ x: 100, y: 0 })));
    const later = times(20, (i) => ({ missed: { x: 0, y: 0 }, atMs: 3_600_000 + i * 2000 }));
    const { offset } = later.reduce((state, anchor) => stepDrift(state, anchor, errorPx), drifted);
    expect(Math.abs(offset.x)).toBeLessThan(2);
  });

  test('never moves the point further than the limit, for any clicks', () => {
    const px = fc.double({ min: -3000, max: 3000, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.record({ x: px, y: px }), { maxLength: 40 }), (missed) => {
        const { offset, anchors } = after(missed);
        expect(Math.hypot(offset.x, offset.y)).toBeLessThanOrEqual(3 * errorPx + 1e-6);
        expect(anchors.length).toBeLessThanOrEqual(12);
      }),
    );
  });
});
