import { describe, expect, test } from 'vitest';
import { faceDetail } from './face-detail.ts';
import type { Luma } from './face-detail.ts';

const size = { width: 160, height: 120 };
const box = { x: 30, y: 20, width: 80, height: 90 };

/** An image with detail of every size, as faces have. */
const textured = (contrast = 1, light = 0): Luma => ({
  ...size,
  luma: Uint8ClampedArray.from({ length: size.width * size.height }, (_, i) => {
    const [x, y] = [i % size.width, Math.floor(i / size.width)];
    const waves = [1.2, 2, 3.5, 6].map(
      (wave) => Math.sin(x / wave + y / (wave + 1)) + Math.cos(x / (wave + 1) - y / wave),
    );
    return 128 + light + contrast * waves.reduce((sum, wave) => sum + wave * 12, 0);
  }),
});

/** Every pixel becomes the mean of itself and its neighbours, repeatedly. */
const blurred = ({ luma }: Luma, times: number): Luma => {
  let soft = luma;
  for (let time = 0; time < times; time++) {
    const before = soft;
    const at = (i: number) => before[i] ?? 128;
    const row = (i: number) => at(i - 1) + at(i) + at(i + 1);
    soft = before.map((_, i) => (row(i - size.width) + row(i) + row(i + size.width)) / 9);
  }
  return { ...size, luma: soft };
};

describe('detail of a face', () => {
  test('blur removes it', () => {
    const sharp = faceDetail(textured(), box) ?? NaN;
    const soft = faceDetail(blurred(textured(), 4), box) ?? NaN;
    const softer = faceDetail(blurred(textured(), 12), box) ?? NaN;
    expect(soft).toBeLessThan(sharp * 0.8);
    expect(softer).toBeLessThan(soft);
  });

  test('it does not depend on light and contrast', () => {
    const ordinary = faceDetail(textured(), box) ?? NaN;
    expect(faceDetail(textured(0.4, -40), box)).toBeCloseTo(ordinary, 1);
  });

  test('a face without pixels, or without structure, has none', () => {
    expect(faceDetail(textured(), { x: 500, y: 500, width: 80, height: 90 })).toBeNull();
    expect(faceDetail({ ...size, luma: new Uint8ClampedArray(size.width * size.height) }, box)).toBeNull();
  });
});
