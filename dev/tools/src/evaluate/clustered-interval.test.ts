import { describe, expect, test } from 'vitest';
import { clusteredShare, sceneOf } from './clustered-interval.ts';
import type { Outcome } from './clustered-interval.ts';

const outcomes = (count: number, hits: number, scene: (i: number) => string): Outcome[] =>
  Array.from({ length: count }, (_, i) => ({ isHit: i < hits, scene: scene(i) }));

describe('a share with its interval', () => {
  test('is Wilson’s if every image is a separate scene', () => {
    const { share, low, high } = clusteredShare(outcomes(100, 90, String));
    expect(share).toBe(0.9);
    expect(low).toBeCloseTo(0.826, 2);
    expect(high).toBeCloseTo(0.945, 2);
  });

  test('is wider where images of a scene succeed and fail together', () => {
    const apart = clusteredShare(outcomes(100, 80, String));
    const together = clusteredShare(outcomes(100, 80, (i) => String(Math.floor(i / 10))));
    expect(together.scenes).toBe(10);
    expect(together.low).toBeLessThan(apart.low! - 0.1);
    expect(together.high).toBeGreaterThan(apart.high!);
  });

  test('of one scene that always succeeds is wide', () => {
    const { low, high } = clusteredShare(outcomes(50, 50, () => 'room'));
    expect(low).toBeLessThan(0.3);
    expect(high).toBe(1);
  });

  test('of nothing is unknown', () => {
    expect(clusteredShare([])).toEqual({ n: 0, scenes: 0, share: null, low: null, high: null });
  });

  test.each([
    ['headpose/p04_012_t+0_p+0.jpg', 'headpose/p04_012'],
    ['faces/mask_01.jpg', 'faces/mask_01'],
    ['plain.png', 'plain'],
  ])('%s is of the scene %s', (file, scene) => {
    expect(sceneOf(file)).toBe(scene);
  });
});
