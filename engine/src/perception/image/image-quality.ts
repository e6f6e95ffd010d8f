import { blocksAcross, blocksDown } from './block-means.ts';
import type { SizePx } from '../geometry/landmark.ts';

export interface ImageQuality {
  /** Mean luma, 0 black … 1 white. */
  brightness: number;
  /** Standard deviation of luma over its largest possible value. */
  contrast: number;
  /** 0 without any edge … 1 with many sharp ones. */
  sharpness: number;
  /** The lens is covered, or the image is black or blank. */
  obstructed: boolean;
}

/** Brightness and contrast below which an image is black. */
const black = 0.06;
/**
 * Structure is the difference between neighbouring blocks of the image, in luma levels: at least 10.5 in 914 photographs of
 * rooms and people, below 1.5 behind a finger or a cloth, where light comes through without any edge, and up to 4.5 behind a
 * whole hand, whose folds are out of focus. Blocks, because noise would count as edges.
 */
const coveredStructure = 6;
/** The same as a share of the brightness: a dim room has little structure too, but much relative to its light. */
const coveredStructureShare = 0.08;
/** Mean absolute Laplacian (luma levels) of an image that counts as half sharp. */
const halfSharp = 12;

/** Every second pixel of every second row is enough, and costs a quarter. */
const step = 2;

/** @param blocks the same image's block means. */
export const measureImageQuality = (
  luma: Uint8ClampedArray,
  { width, height }: SizePx,
  blocks: Float32Array | null,
): ImageQuality => {
  let sum = 0;
  let sumOfSquares = 0;
  let edges = 0;
  let count = 0;
  for (let y = step; y < height - step; y += step) {
    for (let x = step; x < width - step; x += step) {
      const at = y * width + x;
      const value = luma[at]!;
      sum += value;
      sumOfSquares += value * value;
      edges += Math.abs(
        4 * value - luma[at - step]! - luma[at + step]! - luma[at - step * width]! - luma[at + step * width]!,
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
  const isBlack = brightness < black && contrast < black;
  const isCovered = structure < coveredStructure && structure < coveredStructureShare * mean;
  return { brightness, contrast, sharpness: edge / (edge + halfSharp), obstructed: isBlack || isCovered };
};

/** Mean absolute Laplacian of the blocks. */
const structureOf = (blocks: Float32Array): number => {
  let sum = 0;
  for (let row = 1; row < blocksDown - 1; row++) {
    for (let column = 1; column < blocksAcross - 1; column++) {
      const at = row * blocksAcross + column;
      const around = blocks[at - 1]! + blocks[at + 1]! + blocks[at - blocksAcross]! + blocks[at + blocksAcross]!;
      sum += Math.abs(4 * blocks[at]! - around);
    }
  }
  return sum / ((blocksDown - 2) * (blocksAcross - 2));
};
