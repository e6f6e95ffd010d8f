import type { FrameImage } from './frame-image.ts';
import { ImageSampler } from './image-sampler.ts';
import type { SampledSquare } from './image-sampler.ts';

/** What a model expects in place of a byte: the byte times `scale` plus `offset`. */
interface Normalisation {
  scale: number;
  offset: number;
}

/** Samples squares of an image as a model reads them: red, green and blue, normalised. */
export class InputSampler {
  readonly #sampler: ImageSampler;
  readonly #normalisation: Normalisation;
  readonly #rgb: Float32Array;

  constructor(sidePx: number, normalisation: Normalisation) {
    this.#sampler = new ImageSampler(sidePx);
    this.#normalisation = normalisation;
    this.#rgb = new Float32Array(sidePx * sidePx * 3);
  }

  /** The values are overwritten by the next call: new memory of this size is slow. */
  sample(image: FrameImage, square: SampledSquare): Float32Array {
    return normaliseInto(this.#rgb, this.#sampler.sample(image, square), this.#normalisation);
  }
}

/** Red, green and blue of RGBA bytes. @param rgb is overwritten and returned. */
export const normaliseInto = (
  rgb: Float32Array,
  rgba: Uint8ClampedArray,
  { scale, offset }: Normalisation,
): Float32Array => {
  if (rgba.length / 4 !== rgb.length / 3) throw new Error(`${rgba.length / 4} pixels for ${rgb.length / 3}`);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from]! * scale + offset;
    rgb[to + 1] = rgba[from + 1]! * scale + offset;
    rgb[to + 2] = rgba[from + 2]! * scale + offset;
  }
  return rgb;
};
