import type { SizePx } from '../geometry/landmark.ts';
import { samplingContext } from './sampling-context.ts';

/** Stretches a whole image, upright or turned by quarters, into a square of fixed size. */
export class WholeImageSampler {
  readonly sidePx: number;
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor(sidePx: number) {
    this.sidePx = sidePx;
    this.#context = samplingContext(sidePx);
  }

  /** RGBA. @param rotationRad clockwise rotation of the camera, a multiple of a quarter turn. */
  sample(image: CanvasImageSource & SizePx, rotationRad: number): Uint8ClampedArray {
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.translate(this.sidePx / 2, this.sidePx / 2);
    context.rotate(-rotationRad);
    context.translate(-this.sidePx / 2, -this.sidePx / 2);
    context.drawImage(image, 0, 0, this.sidePx, this.sidePx);
    return context.getImageData(0, 0, this.sidePx, this.sidePx).data;
  }
}

/** From a point of the square (0–1 each way) back to the image, in its pixels. */
export const fromWhole = (image: SizePx, rotationRad: number, u: number, v: number): { x: number; y: number } => {
  const cos = Math.round(Math.cos(rotationRad));
  const sin = Math.round(Math.sin(rotationRad));
  const [du, dv] = [u - 0.5, v - 0.5];
  return { x: (du * cos - dv * sin + 0.5) * image.width, y: (du * sin + dv * cos + 0.5) * image.height };
};
