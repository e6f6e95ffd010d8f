import type { BackendName } from '../models/backend-name.ts';
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

/** How this browser returns pixels. */
export interface PixelCheck {
  /** Pixels of an image that is drawn on a canvas differ from the image's: readings would be worthless. */
  isDrawingFalsified: boolean;
  /** Pixels of an image that can be copied differ. A browser that copies none draws them. */
  isCopyFalsified: boolean;
  /** Mean difference between two images drawn and read alike, luma levels. 0 unless the browser adds noise to each read. */
  noiseLevels: number;
}

/** How a frame's pixels were read. */
export interface ReadPath {
  /** Its luma comes from a canvas; otherwise it was copied. */
  isDrawn: boolean;
  /** The models' inputs are sampled from a canvas. */
  isSampledFromCanvas: boolean;
  backend: BackendName;
}

/** Whether this browser changes the pixels of frames that are read in this way. */
export const isFalsified = (
  { isDrawingFalsified, isCopyFalsified }: Pick<PixelCheck, 'isDrawingFalsified' | 'isCopyFalsified'>,
  { isDrawn, isSampledFromCanvas, backend }: ReadPath,
): boolean => {
  if (!isDrawn && isCopyFalsified) return true;
  return isDrawingFalsified && (isDrawn || isSampledFromCanvas || backend !== 'wasm');
};

/** Passes a known pattern through the same buffers and canvases as a camera frame, copied and drawn. */
export const checkPixels = async (pixels: FramePixelReader): Promise<PixelCheck> => {
  const pattern = testPattern();
  const bitmap = await bitmapOf(new ImageData(pattern, patternSidePx, patternSidePx));
  try {
    const copied = await readPattern(pixels, bitmap, true);
    const drawn = await readPattern(pixels, bitmap, false);
    const again = await readPattern(pixels, bitmap, false);
    const isChanged = ({ luma, sample }: typeof drawn): boolean =>
      meanDifference(sample, pattern) > mostLevels || meanDifference(luma, lumaOf(pattern)) > mostLevels;
    return {
      isDrawingFalsified: isChanged(drawn),
      isCopyFalsified: isChanged(copied),
      noiseLevels: meanDifference(again.luma, drawn.luma),
    };
  } finally {
    bitmap.close();
  }
};

const readPattern = async (pixels: FramePixelReader, bitmap: ImageBitmap, mayCopy: boolean) => {
  const frame = await pixels.read(bitmap, mayCopy);
  const sample = new ImageSampler(patternSidePx).sample(frame.image, squareAround(frame, 0));
  return { luma: frame.luma.slice(), sample: sample.slice() };
};

const lumaOf = (rgba: Uint8ClampedArray): Uint8ClampedArray =>
  Uint8ClampedArray.from(
    { length: rgba.length / 4 },
    (_, i) => (77 * rgba[i * 4]! + 150 * rgba[i * 4 + 1]! + 29 * rgba[i * 4 + 2]!) >> 8,
  );
