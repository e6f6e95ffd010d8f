import { bitmapOf } from './bitmap-of.ts';
import type { FramePixelReader } from './frame-pixels.ts';
import { ImageSampler, squareAround } from './image-sampler.ts';
import { meanDifference, patternSidePx, testPattern } from './test-pattern.ts';

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
  const bitmap = await bitmapOf(new ImageData(pattern, patternSidePx, patternSidePx));
  try {
    const frame = await pixels.read(bitmap);
    const sample = new ImageSampler(patternSidePx).sample(frame.image, squareAround(frame, 0));
    const first = frame.luma.slice();
    const noiseLevels = meanDifference((await pixels.read(bitmap)).luma, first);
    const isFalsified = [meanDifference(sample, pattern), meanDifference(first, lumaOf(pattern))].some(
      (levels) => levels > mostLevels,
    );
    return { isFalsified, noiseLevels };
  } finally {
    bitmap.close();
  }
};

const lumaOf = (rgba: Uint8ClampedArray): Uint8ClampedArray =>
  Uint8ClampedArray.from(
    { length: rgba.length / 4 },
    (_, i) => (77 * rgba[i * 4]! + 150 * rgba[i * 4 + 1]! + 29 * rgba[i * 4 + 2]!) >> 8,
  );
