import type { SizePx } from './landmark.ts';

/** A square part of an image, possibly turned: `rotationRad` is clockwise in the picture. */
export interface SampledSquare {
  centerX: number;
  centerY: number;
  sidePx: number;
  rotationRad: number;
}

/** The square that holds the whole image. */
export function squareAround({ width, height }: SizePx, rotationRad: number): SampledSquare {
  return { centerX: width / 2, centerY: height / 2, sidePx: Math.max(width, height), rotationRad };
}

/** Draws parts of an image into a small square of fixed size; the browser's own scaler filters better than the graph ops. */
export class ImageSampler {
  readonly sidePx: number;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(sidePx: number) {
    this.sidePx = sidePx;
    const context = new OffscreenCanvas(sidePx, sidePx).getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('This browser has no 2D canvas in workers.');
    context.imageSmoothingQuality = 'medium';
    this.#context = context;
  }

  /** RGBA of the square; black where it lies outside of the image. */
  sample(image: CanvasImageSource, square: SampledSquare): Uint8ClampedArray {
    const context = this.#context;
    const scale = this.sidePx / square.sidePx;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = '#000';
    context.fillRect(0, 0, this.sidePx, this.sidePx);
    context.translate(this.sidePx / 2, this.sidePx / 2);
    context.rotate(-square.rotationRad);
    context.scale(scale, scale);
    context.translate(-square.centerX, -square.centerY);
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, this.sidePx, this.sidePx).data;
  }
}

/** From a point of the square (0–1 each way) back to the image. */
export function fromSquare(square: SampledSquare, u: number, v: number): { x: number; y: number } {
  const dx = (u - 0.5) * square.sidePx;
  const dy = (v - 0.5) * square.sidePx;
  const cos = Math.cos(square.rotationRad);
  const sin = Math.sin(square.rotationRad);
  return { x: square.centerX + dx * cos - dy * sin, y: square.centerY + dx * sin + dy * cos };
}
