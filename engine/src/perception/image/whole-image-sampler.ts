import type { SizePx } from '../geometry/landmark.ts';
import type { FrameImage } from './frame-image.ts';
import { ImagePyramid } from './image-pyramid.ts';
import type { SamplePlace } from './image-pyramid.ts';
import { samplingContext } from './sampling-context.ts';

/** Stretches a whole image, upright or turned by quarters, into a square of fixed size. */
export class WholeImageSampler {
  readonly sidePx: number;
  #context: OffscreenCanvasRenderingContext2D | null = null;

  constructor(sidePx: number) {
    this.sidePx = sidePx;
  }

  /** RGBA, which the next sample may overwrite. @param rotationRad clockwise rotation of the camera, a multiple of a quarter turn. */
  sample(image: FrameImage, rotationRad: number): Uint8ClampedArray {
    const { sidePx } = this;
    const { source } = image;
    if (source instanceof ImagePyramid) {
      return source.sample({ width: sidePx, height: sidePx }, placeOf(image, rotationRad, sidePx));
    }
    const context = (this.#context ??= samplingContext(sidePx));
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.translate(sidePx / 2, sidePx / 2);
    context.rotate(-rotationRad);
    context.translate(-sidePx / 2, -sidePx / 2);
    context.drawImage(source, 0, 0, sidePx, sidePx);
    return context.getImageData(0, 0, sidePx, sidePx).data;
  }
}

const placeOf = (image: SizePx, rotationRad: number, sidePx: number): SamplePlace => {
  const [cos, sin] = [Math.round(Math.cos(rotationRad)), Math.round(Math.sin(rotationRad))];
  const [scaleX, scaleY] = [image.width / sidePx, image.height / sidePx];
  const first = fromWhole(image, rotationRad, 0, 0);
  return [cos * scaleX, -sin * scaleX, first.x, sin * scaleY, cos * scaleY, first.y];
};

/** From a point of the square (0–1 each way) back to the image, in its pixels. */
export const fromWhole = (image: SizePx, rotationRad: number, u: number, v: number): { x: number; y: number } => {
  const cos = Math.round(Math.cos(rotationRad));
  const sin = Math.round(Math.sin(rotationRad));
  const [du, dv] = [u - 0.5, v - 0.5];
  return { x: (du * cos - dv * sin + 0.5) * image.width, y: (du * sin + dv * cos + 0.5) * image.height };
};
