import { describe, expect, test } from 'vitest';
import { blockMeans } from './block-means.ts';
import { measureImageQuality } from './image-quality.ts';

const size = { width: 160, height: 120 };
const picture = (luma: (x: number, y: number) => number) =>
  Uint8ClampedArray.from({ length: size.width * size.height }, (_, i) =>
    luma(i % size.width, Math.floor(i / size.width)),
  );
const noise = (i: number) => Math.sin(i * 12.9898) * 3;

const measure = (luma: Uint8ClampedArray) => measureImageQuality(luma, size, blockMeans(luma, size));

describe('image quality', () => {
  test('a black image with noise is obstructed', () => {
    const quality = measure(picture((x, y) => 6 + noise(x + y * 31)));
    expect(quality.brightness).toBeLessThan(0.05);
    expect(quality.obstructed).toBe(true);
  });

  test('a hand in front of the lens, reddish grey without an edge, is obstructed', () => {
    expect(measure(picture((x, y) => 45 + x / 8 + y / 10)).obstructed).toBe(true);
  });

  test('a whole hand before the lens is obstructed, although its folds are visible out of focus', () => {
    expect(measure(picture((x, y) => 110 + 25 * Math.sin(x / 14) + 15 * Math.sin(y / 12))).obstructed).toBe(true);
  });

  test('a dim room with edges is not obstructed', () => {
    const quality = measure(picture((x, y) => ((Math.floor(x / 10) + Math.floor(y / 10)) % 2 ? 18 : 52)));
    expect(quality.obstructed).toBe(false);
  });

  test('brightness and contrast are those of a checkerboard of black and white', () => {
    const quality = measure(picture((x, y) => ((Math.floor(x / 8) + Math.floor(y / 8)) % 2 ? 255 : 0)));
    expect(quality.brightness).toBeCloseTo(0.5, 1);
    expect(quality.contrast).toBeCloseTo(1, 1);
  });

  test('a blurred edge is less sharp than a hard one', () => {
    const hard = measure(picture((x) => (x % 40 < 20 ? 40 : 200)));
    const soft = measure(picture((x) => 120 + 80 * Math.sin((x / 40) * 2 * Math.PI)));
    expect(hard.sharpness).toBeGreaterThan(soft.sharpness * 1.5);
  });
});
