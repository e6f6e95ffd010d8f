import { expect, test } from 'vitest';
import { blocksAcross, blocksDown, blockMeans } from './block-means.ts';

const image = (width: number, height: number, lumaAt: (x: number, y: number) => number) => ({
  size: { width, height },
  luma: Uint8ClampedArray.from({ length: width * height }, (_, i) => lumaAt(i % width, Math.floor(i / width))),
});

test('an even picture has even blocks', () => {
  const { luma, size } = image(640, 480, () => 97);
  const blocks = blockMeans(luma, size);
  expect(blocks).toHaveLength(blocksAcross * blocksDown);
  expect(new Set(blocks)).toEqual(new Set([97]));
});

test('blocks go by rows, from the upper left', () => {
  const { luma, size } = image(320, 240, (x, y) => (y < 10 && x >= 10 && x < 20 ? 200 : 0));
  const lit = [...(blockMeans(luma, size) ?? [])].flatMap((mean, block) => (mean > 0 ? [[block, mean]] : []));
  expect(lit).toEqual([[1, 200]]);
  const lower = image(320, 240, (_, y) => (y >= 230 ? 80 : 0));
  const rows = [...(blockMeans(lower.luma, lower.size) ?? [])].flatMap((mean, block) => (mean > 0 ? [block] : []));
  expect(rows[0]).toBe((blocksDown - 1) * blocksAcross);
  expect(rows).toHaveLength(blocksAcross);
});

test('a block is the mean of its samples', () => {
  const { luma, size } = image(640, 480, (x) => (x % 4 === 0 ? 100 : 0));
  expect(blockMeans(luma, size)?.every((mean) => mean === 50)).toBe(true);
});

test('there are none for a picture that is smaller than the grid, and some for the smallest', () => {
  expect(blockMeans(new Uint8ClampedArray(31 * 24), { width: 31, height: 24 })).toBeNull();
  expect(blockMeans(new Uint8ClampedArray(32 * 23), { width: 32, height: 23 })).toBeNull();
  expect(blockMeans(new Uint8ClampedArray(32 * 24).fill(9), { width: 32, height: 24 })?.[5]).toBe(9);
});
