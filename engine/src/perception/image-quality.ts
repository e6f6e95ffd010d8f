import type { SizePx } from './landmark.ts';

export interface ImageQuality {
  /** Mean luma, 0 black … 1 white. */
  brightness: number;
  /** Standard deviation of luma over its greatest possible value. */
  contrast: number;
  /** 0 without any edge … 1 with many sharp ones. */
  sharpness: number;
  /** Nothing of the room can be made out: the lens is covered or the picture is black or blank. */
  obstructed: boolean;
}

/** Mean luma below which a picture without structure is black. */
const BLACK = 0.06;
/** Contrast below which a picture holds nothing but noise and shading. */
const BLANK_CONTRAST = 0.035;
/** A hand or a cloth before the lens: light comes through, but nothing in the picture has an edge. */
const COVERED = { brightness: 0.35, contrast: 0.16, sharpness: 0.02 };
/** Mean absolute Laplacian (luma levels) of a picture that counts as half sharp. */
const HALF_SHARP = 12;

/** Every second pixel of every second row is enough, and costs a quarter. */
const STEP = 2;

export function measureImageQuality(luma: Uint8ClampedArray, { width, height }: SizePx): ImageQuality {
  let sum = 0;
  let sumOfSquares = 0;
  let edges = 0;
  let count = 0;
  for (let y = STEP; y < height - STEP; y += STEP) {
    for (let x = STEP; x < width - STEP; x += STEP) {
      const at = y * width + x;
      const value = luma[at]!;
      sum += value;
      sumOfSquares += value * value;
      edges += Math.abs(
        4 * value - luma[at - STEP]! - luma[at + STEP]! - luma[at - STEP * width]! - luma[at + STEP * width]!,
      );
      count++;
    }
  }
  if (count === 0) return { brightness: 0, contrast: 0, sharpness: 0, obstructed: true };
  const mean = sum / count;
  const brightness = mean / 255;
  const contrast = Math.min(1, Math.sqrt(Math.max(0, sumOfSquares / count - mean * mean)) / 127.5);
  const edge = edges / count;
  const sharpness = edge / (edge + HALF_SHARP);
  return { brightness, contrast, sharpness, obstructed: isObstructed(brightness, contrast, sharpness) };
}

function isObstructed(brightness: number, contrast: number, sharpness: number): boolean {
  if (brightness < BLACK && contrast < BLACK) return true;
  if (contrast < BLANK_CONTRAST) return true;
  return brightness < COVERED.brightness && contrast < COVERED.contrast && sharpness < COVERED.sharpness;
}
