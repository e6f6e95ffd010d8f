import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clear, seen, unknown } from './rule.ts';

describe('what a rule sees', () => {
  test.each([
    [-0.1, 0],
    [0, 0],
    [0.4, 0.4],
    [1, 1],
    [1.3, 1],
    [Infinity, 1],
  ])('has a confidence from 0 to 1: %s gives %s', (confidence, clamped) => {
    expect(seen(confidence, {})).toMatchObject({ confidence: clamped });
  });

  test('keeps confidence in its range and its order', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map((confidence) => {
          const sighting = seen(confidence, {});
          return sighting.kind === 'seen' ? sighting.confidence : NaN;
        });
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(high!);
      }),
    );
  });

  test('begins with the frame unless the reading covers past time', () => {
    expect(seen(1, { head_yaw: 0.7 })).toEqual({
      kind: 'seen',
      confidence: 1,
      measured: { head_yaw: 0.7 },
      sinceMs: null,
    });
    expect(seen(1, {}, 5000)).toMatchObject({ sinceMs: 5000 });
  });

  test('is neither for nor against if the readings are unknown', () => {
    expect([clear.kind, unknown.kind]).toEqual(['clear', 'unknown']);
  });
});
