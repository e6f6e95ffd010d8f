import { afterEach, expect, test, vi } from 'vitest';
import type { SizePx } from '../geometry/landmark.ts';
import type { FrameImage } from './frame-image.ts';
import { FramePixelReader } from './frame-pixels.ts';
import { ImagePyramid } from './image-pyramid.ts';
import { ImageSampler, squareAround } from './image-sampler.ts';
import { meanDifference } from './test-pattern.ts';
import { WholeImageSampler } from './whole-image-sampler.ts';

const size = { width: 320, height: 240 };
/** Each of its halves is odd in one direction or both. */
const oddSize = { width: 323, height: 239 };

/** Waves, which every browser's filter scales nearly alike. */
const waves = ({ width, height }: SizePx): ImageData => {
  const image = new ImageData(width, height);
  for (let i = 0; i < image.data.length; i += 4) {
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    const wave = (length: number): number => 128 + 100 * Math.sin((x + 2 * y) / length);
    image.data.set([wave(40), wave(60), (x + y) / 3, 255], i);
  }
  return image;
};

const read = async (of: SizePx): Promise<FrameImage> => {
  const bitmap = await createImageBitmap(waves(of));
  const { image } = await new FramePixelReader().read(bitmap);
  bitmap.close();
  return image;
};

/** The same image, sampled by the kernel and by the browser's canvas. */
const both = async (of: SizePx = size): Promise<[FrameImage, FrameImage]> => {
  const sampled = await read(of);
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
  return [sampled, await read(of)];
};

afterEach(() => vi.restoreAllMocks());

test('without SIMD, canvases take the samples', async () => {
  const [sampled, drawn] = await both();
  expect(sampled.source).toBeInstanceOf(ImagePyramid);
  expect(drawn.source).toBeInstanceOf(OffscreenCanvas);
});

test.each([
  ['smaller than half', squareAround(size, 0), 128],
  ['smaller than a quarter', squareAround(size, 0), 72],
  ['enlarged', { centerX: 160, centerY: 120, sidePx: 60, rotationRad: 0 }, 192],
  ['turned', { centerX: 150, centerY: 110, sidePx: 150, rotationRad: 0.4 }, 96],
  ['turned by a quarter', squareAround(size, Math.PI / 2), 128],
  ['beyond the edge', { centerX: 10, centerY: 230, sidePx: 160, rotationRad: -0.3 }, 96],
  ['with a margin', { ...squareAround(size, 0), sidePx: 450 }, 64],
])('a square %s is that of a canvas', async (_what, square, sidePx) => {
  const [sampled, drawn] = await both();
  const [a, b] = [sampled, drawn].map((image) => new ImageSampler(sidePx).sample(image, square).slice());
  expect(meanDifference(a!, b!)).toBeLessThan(1.5);
});

test('a window is that part of the square', async () => {
  const [image] = await both();
  const sampler = new ImageSampler(64);
  const square = squareAround(size, 0);
  const whole = sampler.sample(image, square).slice();
  const part = sampler.sample(image, square, { left: 32, top: 8, width: 32, height: 48 });
  const expected = Array.from({ length: 48 }, (_, row) => [
    ...whole.subarray(((row + 8) * 64 + 32) * 4, ((row + 8) * 64 + 64) * 4),
  ]).flat();
  expect(meanDifference(part, expected)).toBeLessThan(0.01);
});

test.each([0, Math.PI / 2])('the whole image, turned by %f, is that of a canvas', async (rotationRad) => {
  const [sampled, drawn] = await both();
  const [a, b] = [sampled, drawn].map((image) => new WholeImageSampler(150).sample(image, rotationRad).slice());
  expect(meanDifference(a!, b!)).toBeLessThan(1.5);
});

test.each([75, 40])('an image of odd size, scaled to %i pixels, is that of a canvas', async (sidePx) => {
  const [sampled, drawn] = await both(oddSize);
  const [a, b] = [sampled, drawn].map((image) => new WholeImageSampler(sidePx).sample(image, 0).slice());
  expect(meanDifference(a!, b!)).toBeLessThan(1.5);
});

test('a new image replaces the halved ones of the last', async () => {
  const pyramid = (await ImagePyramid.create())!;
  const place = [4, 0, 0, 0, 4, 0] as const;
  const grey = (value: number) => new Uint8ClampedArray(64 * 64 * 4).fill(value);
  for (const value of [50, 200]) {
    pyramid.fill(grey(value), { width: 64, height: 64 });
    expect(new Set(pyramid.sample({ width: 16, height: 16 }, place))).toEqual(new Set([value]));
  }
  pyramid.fill(new Uint8ClampedArray(640 * 480 * 4).fill(90), { width: 640, height: 480 });
  expect(new Set(pyramid.sample({ width: 160, height: 120 }, place))).toEqual(new Set([90]));
});

test('a place that is no number or far away neither fails nor reads other memory', async () => {
  const pyramid = (await ImagePyramid.create())!;
  pyramid.fill(new Uint8ClampedArray(64 * 64 * 4).fill(90), { width: 64, height: 64 });
  for (const first of [NaN, 1e12, -1e12]) {
    const sample = pyramid.sample({ width: 8, height: 8 }, [1, 0, first, 0, 1, first]);
    expect([...new Set(sample)].every((value) => [0, 90, 255].includes(value))).toBe(true);
  }
  for (const place of [
    [NaN, 0, 0, 0, 1, 0],
    [1, 0, 0, 0, NaN, 0],
    [NaN, NaN, NaN, NaN, NaN, NaN],
  ] as const)
    expect(pyramid.sample({ width: 8, height: 8 }, place)).toHaveLength(8 * 8 * 4);
  expect(pyramid.sample({ width: 2, height: 2 }, [1, 0, 63, 0, 1, 63])).toEqual(
    new Uint8ClampedArray([90, 90, 90, 90, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]),
  );
});
