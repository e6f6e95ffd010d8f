import { BLOCKS_ACROSS, BLOCKS_DOWN } from './block-means.ts';
import type { SizePx } from '../geometry/landmark.ts';

export interface ImageQuality {
  /** Mean luma, 0 black … 1 white. */
  brightness: number;
  /** Standard deviation of luma over its greatest possible value. */
  contrast: number;
  /** 0 without any edge … 1 with many sharp ones. */
  sharpness: number;
  /** The lens is covered, or the image is black or blank. */
  obstructed: boolean;
}

/** Brightness and contrast below which a picture is black. */
const BLACK = 0.06;
/**
 * Structure is how much neighbouring blocks of the picture differ, in luma levels: at least 10 in ordinary rooms, below 1.5
 * behind a finger or a cloth, where light comes through without any edge. Blocks, because noise would count as edges.
 */
const COVERED_STRUCTURE = 3;
/** The same as a share of the brightness: a dim room has little structure too, but much for its light. */
const COVERED_STRUCTURE_SHARE = 0.08;
/** Mean absolute Laplacian (luma levels) of a picture that counts as half sharp. */
const HALF_SHARP = 12;

/** Every second pixel of every second row is enough, and costs a quarter. */
const STEP = 2;

/** @param blocks the same picture's block means. */
export function measureImageQuality(
  luma: Uint8ClampedArray,
  { width, height }: SizePx,
  blocks: Float32Array | null,
): ImageQuality {
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
  const structure = blocks === null ? 0 : structureOf(blocks);
  const isBlack = brightness < BLACK && contrast < BLACK;
  const isCovered = structure < COVERED_STRUCTURE && structure < COVERED_STRUCTURE_SHARE * mean;
  return { brightness, contrast, sharpness: edge / (edge + HALF_SHARP), obstructed: isBlack || isCovered };
}

/** Mean absolute Laplacian of the blocks. */
function structureOf(blocks: Float32Array): number {
  let sum = 0;
  for (let row = 1; row < BLOCKS_DOWN - 1; row++) {
    for (let column = 1; column < BLOCKS_ACROSS - 1; column++) {
      const at = row * BLOCKS_ACROSS + column;
      const around = blocks[at - 1]! + blocks[at + 1]! + blocks[at - BLOCKS_ACROSS]! + blocks[at + BLOCKS_ACROSS]!;
      sum += Math.abs(4 * blocks[at]! - around);
    }
  }
  return sum / ((BLOCKS_DOWN - 2) * (BLOCKS_ACROSS - 2));
}
