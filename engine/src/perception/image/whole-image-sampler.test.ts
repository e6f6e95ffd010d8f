import { describe, expect, test } from 'vitest';
import { fromWhole } from './whole-image-sampler.ts';

const image = { width: 640, height: 480 };

describe('from the stretched square back to the image', () => {
  test('an upright image is only stretched', () => {
    expect(fromWhole(image, 0, 0.25, 0.75)).toEqual({ x: 160, y: 360 });
  });

  test('a quarter turn brings the top of the square to the right of the image', () => {
    const { x, y } = fromWhole(image, Math.PI / 2, 0.5, 0);
    expect(x).toBeCloseTo(640);
    expect(y).toBeCloseTo(240);
  });

  test('the middle stays the middle at every quarter turn', () => {
    for (const quarters of [0, 1, 2, 3]) {
      expect(fromWhole(image, (quarters * Math.PI) / 2, 0.5, 0.5)).toEqual({ x: 320, y: 240 });
    }
  });
});
