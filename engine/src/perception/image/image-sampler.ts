import type { SizePx } from '../geometry/landmark.ts';
import type { FrameImage } from './frame-image.ts';
import { ImagePyramid } from './image-pyramid.ts';
import type { SamplePlace } from './image-pyramid.ts';
import { samplingContext } from './sampling-context.ts';

/** A square part of an image, possibly rotated: `rotationRad` is clockwise in the image. */
export interface SampledSquare {
  centerX: number;
  centerY: number;
  sidePx: number;
  rotationRad: number;
}

/** The square that contains the whole image. */
export const squareAround = ({ width, height }: SizePx, rotationRad: number): SampledSquare => ({
  centerX: width / 2,
  centerY: height / 2,
  sidePx: Math.max(width, height),
  rotationRad,
});

/** A part of a sampled square, in the sample's pixels. */
export interface SampleWindow {
  left: number;
  top: number;
  width: number;
  height: number;
}

/**
 * The part of a square sample that the image covers, for a square that is upright or rotated by quarter turns. The rest
 * of the sample would be black.
 * @param sidePx of the sample. @param stepPx by which the window's sides grow; `sidePx` is a multiple of it.
 */
export const windowOnImage = (image: SizePx, square: SampledSquare, sidePx: number, stepPx: number): SampleWindow => {
  const corners = [toSquare(square, 0, 0), toSquare(square, image.width, image.height)];
  const along = (from: number, to: number): [start: number, length: number] => {
    const [first, last] = [Math.min(from, to), Math.max(from, to)].map((u) => Math.min(1, Math.max(0, u)) * sidePx);
    const length = Math.max(stepPx, Math.ceil((last! - first!) / stepPx - 0.01) * stepPx);
    return [Math.min(sidePx - length, Math.max(0, Math.round((first! + last! - length) / 2))), length];
  };
  const [left, width] = along(corners[0]!.u, corners[1]!.u);
  const [top, height] = along(corners[0]!.v, corners[1]!.v);
  return { left, top, width, height };
};

/** Scales parts of an image to a small square of fixed size, with better filters than those of the graph's operations. */
export class ImageSampler {
  readonly sidePx: number;
  #context: OffscreenCanvasRenderingContext2D | null = null;

  constructor(sidePx: number) {
    this.sidePx = sidePx;
  }

  /** RGBA of the square, or of a window of it; black where it extends beyond the image. The next sample may overwrite it. */
  sample({ source }: FrameImage, square: SampledSquare, window?: SampleWindow): Uint8ClampedArray {
    const { left, top, width, height } = window ?? { left: 0, top: 0, width: this.sidePx, height: this.sidePx };
    if (source instanceof ImagePyramid) {
      return source.sample({ width, height }, placeOf(square, this.sidePx, { left, top }));
    }
    const context = (this.#context ??= samplingContext(this.sidePx));
    const scale = this.sidePx / square.sidePx;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.sidePx, this.sidePx);
    context.translate(this.sidePx / 2, this.sidePx / 2);
    context.rotate(-square.rotationRad);
    context.scale(scale, scale);
    context.translate(-square.centerX, -square.centerY);
    context.drawImage(source, 0, 0);
    return context.getImageData(left, top, width, height).data;
  }
}

/** @param sidePx of the sample of the whole square. */
const placeOf = (
  square: SampledSquare,
  sidePx: number,
  { left, top }: Pick<SampleWindow, 'left' | 'top'>,
): SamplePlace => {
  const scale = square.sidePx / sidePx;
  const [along, across] = [scale * Math.cos(square.rotationRad), scale * Math.sin(square.rotationRad)];
  const first = fromSquare(square, left / sidePx, top / sidePx);
  return [along, -across, first.x, across, along, first.y];
};

/** From a point of the square (0–1 each way) back to the image. */
export const fromSquare = (square: SampledSquare, u: number, v: number): { x: number; y: number } => {
  const dx = (u - 0.5) * square.sidePx;
  const dy = (v - 0.5) * square.sidePx;
  const cos = Math.cos(square.rotationRad);
  const sin = Math.sin(square.rotationRad);
  return { x: square.centerX + dx * cos - dy * sin, y: square.centerY + dx * sin + dy * cos };
};

/** From a point of the image to the square, 0–1 each way inside of it. */
const toSquare = (square: SampledSquare, x: number, y: number): { u: number; v: number } => {
  const [dx, dy] = [x - square.centerX, y - square.centerY];
  const cos = Math.cos(square.rotationRad);
  const sin = Math.sin(square.rotationRad);
  return { u: (dx * cos + dy * sin) / square.sidePx + 0.5, v: (dy * cos - dx * sin) / square.sidePx + 0.5 };
};
