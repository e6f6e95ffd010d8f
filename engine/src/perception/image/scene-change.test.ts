import { expect, test } from 'vitest';
import type { BoxPx } from '../geometry/landmark.ts';
import { blockMeans } from './block-means.ts';
import { SceneChange } from './scene-change.ts';

const size = { width: 640, height: 480 };
const picture = (things: { x: number; y: number; width: number; height: number; luma: number }[] = []) => {
  const luma = Uint8ClampedArray.from({ length: size.width * size.height }, (_, i) => 90 + ((i % 640) % 60));
  for (const thing of things) {
    for (let y = thing.y; y < thing.y + thing.height; y++) {
      luma.fill(thing.luma, y * size.width + thing.x, y * size.width + thing.x + thing.width);
    }
  }
  return blockMeans(luma, size);
};
const changedBy = (from: ReturnType<typeof picture>, to: ReturnType<typeof picture>, heads: BoxPx[] = []) => {
  const scene = new SceneChange();
  scene.mark(from, heads);
  return scene.hasChanged(to, heads, size);
};

test('detects a dark phone that appears in the image', () => {
  expect(changedBy(picture(), picture([{ x: 400, y: 250, width: 70, height: 140, luma: 20 }]))).toBe(true);
});

test('ignores a head that leans a few pixels', () => {
  const head = { x: 250, y: 120, width: 140, height: 180, luma: 170 };
  expect(changedBy(picture([head]), picture([{ ...head, x: 254 }]))).toBe(false);
});

test('ignores a head that moves far, but not a phone beside it', () => {
  const face = { x: 250, y: 120, width: 140, height: 180 };
  const before = picture([{ ...face, luma: 170 }]);
  const moved = { ...face, x: 310, luma: 170 };
  expect(changedBy(before, picture([moved]))).toBe(true);
  expect(changedBy(before, picture([moved]), [face])).toBe(false);
  const phone = { x: 530, y: 300, width: 80, height: 140, luma: 20 };
  expect(changedBy(before, picture([moved, phone]), [face])).toBe(true);
});

test('ignores the head’s place at the last search too', () => {
  const face = { x: 60, y: 120, width: 120, height: 160 };
  const scene = new SceneChange();
  scene.mark(picture([{ ...face, luma: 170 }]), [face]);
  const moved = { ...face, x: 420 };
  expect(scene.hasChanged(picture([{ ...moved, luma: 170 }]), [moved], size)).toBe(false);
});

test('ignores light that dims slightly', () => {
  const before = picture();
  expect(changedBy(before, before?.map((mean) => mean - 15) ?? null)).toBe(false);
});

test('block means are exact for any image size', () => {
  const flat = blockMeans(new Uint8ClampedArray(161 * 121).fill(77), { width: 161, height: 121 });
  expect([...new Set(flat)]).toEqual([77]);
  expect(blockMeans(new Uint8ClampedArray(100), { width: 10, height: 10 })).toBeNull();
});
