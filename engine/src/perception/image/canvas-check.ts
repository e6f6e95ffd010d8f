import { bitmapOf } from './bitmap-of.ts';
import type { FramePixelReader } from './frame-pixels.ts';
import { ImageSampler, squareAround } from './image-sampler.ts';

const sidePx = 64;
const stripePx = 8;
/**
 * Mean difference in levels (0–255) from which the pixels count as changed. Some browsers flip the lowest bit of a few
 * pixels against fingerprinting, and scaling rounds: both stay below 1. Browsers that return noise or white are above
 * 60.
 */
const mostLevels = 6;

/** How this browser returns the pixels of a canvas. */
export interface CanvasCheck {
  /** They differ from those that were drawn: readings would be worthless. */
  isFalsified: boolean;
  /** Mean difference between two reads of the same image, luma levels. 0 unless the browser adds noise to each read. */
  noiseLevels: number;
}

/** Passes a known pattern through the same canvases as a camera frame. */
export const checkCanvas = async (pixels: FramePixelReader): Promise<CanvasCheck> => {
  const pattern = testPattern();
  const bitmap = await bitmapOf(new ImageData(pattern, sidePx, sidePx));
  try {
    const frame = pixels.read(bitmap);
    const sample = new ImageSampler(sidePx).sample(frame.image, squareAround(frame, 0));
    const first = frame.luma.slice();
    const noiseLevels = meanDifference(pixels.read(bitmap).luma, first);
    const isFalsified = [meanDifference(sample, pattern), meanDifference(first, lumaOf(pattern))].some(
      (levels) => levels > mostLevels,
    );
    return { isFalsified, noiseLevels };
  } finally {
    bitmap.close();
  }
};

/** Stripes across and a ramp along, different in each channel. */
export const testPattern = (): Uint8ClampedArray<ArrayBuffer> => {
  const rgba = new Uint8ClampedArray(sidePx * sidePx * 4);
  for (let i = 0; i < sidePx * sidePx; i++) {
    const [x, y] = [i % sidePx, Math.floor(i / sidePx)];
    const isLight = Math.floor(x / stripePx) % 2 === 0;
    rgba.set([isLight ? 220 : 30, 40 + y * 3, isLight ? 60 : 180, 255], i * 4);
  }
  return rgba;
};

/** @returns Infinity if the lengths differ. */
export const meanDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  if (a.length !== b.length || a.length === 0) return Infinity;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
  return sum / a.length;
};

const lumaOf = (rgba: Uint8ClampedArray): Uint8ClampedArray =>
  Uint8ClampedArray.from(
    { length: rgba.length / 4 },
    (_, i) => (77 * rgba[i * 4]! + 150 * rgba[i * 4 + 1]! + 29 * rgba[i * 4 + 2]!) >> 8,
  );
