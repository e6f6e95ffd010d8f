import type { SizePx } from '../geometry/landmark.ts';
import { kernelInstance } from '../models/kernel-instance.ts';
import { pyramidKernelCode } from './image-pyramid-code.ts';

/** The compiled functions of `engine/kernels/image-pyramid.ts`. */
interface PyramidKernel {
  sample: (...values: number[]) => void;
  mix: (first: number, second: number, share: number, bytes: number) => void;
  halve: (input: number, width: number, height: number, output: number) => void;
}

/**
 * Where the centres of a sample's pixels lie in the image: [xPerColumn, xPerRow, firstX, yPerColumn, yPerRow, firstY], with
 * x = xPerColumn · (column + 0.5) + xPerRow · (row + 0.5) + firstX.
 */
export type SamplePlace = readonly [number, number, number, number, number, number];

interface Level extends SizePx {
  offset: number;
}

const bytesPerPixel = 4;
/** Canvases favour the larger of two sizes by this much, which is sharper. */
const levelBias = 0.5;
const mixSteps = 256;
const pageBytes = 65_536;
/** Samples of less than about a twentieth of the image's size would need more. */
const mostLevels = 5;

/** An image in the kernel's own memory, and the same image halved once, twice, …, from which parts are sampled. */
export class ImagePyramid {
  readonly #memory: WebAssembly.Memory;
  readonly #kernel: PyramidKernel;
  #levels: Level[] = [];
  /** Levels that hold the current image. */
  #filled = 0;
  #bytes = 0;

  private constructor(memory: WebAssembly.Memory, kernel: PyramidKernel) {
    this.#memory = memory;
    this.#kernel = kernel;
  }

  /** @returns null in browsers without WebAssembly or SIMD, whose canvases take the samples. */
  static async create(): Promise<ImagePyramid | null> {
    if (typeof WebAssembly === 'undefined') return null;
    const memory = new WebAssembly.Memory({ initial: 1 });
    const kernel = await kernelInstance<PyramidKernel>('pyramid', pyramidKernelCode, memory);
    return kernel === null ? null : new ImagePyramid(memory, kernel);
  }

  /** @param rgba of an image of at least two pixels in each direction, which is copied. */
  fill(rgba: Uint8ClampedArray, size: SizePx): void {
    const [base] = this.#levels;
    if (base?.width !== size.width || base.height !== size.height) this.#levels = this.#levelsOf(size);
    new Uint8ClampedArray(this.#memory.buffer).set(rgba, this.#levels[0]!.offset);
    this.#filled = 1;
  }

  /** RGBA of a part of the image, black outside of it, until the next call. */
  sample(size: SizePx, place: SamplePlace): Uint8ClampedArray<ArrayBuffer> {
    const [xPerColumn, xPerRow, , yPerColumn, yPerRow] = place;
    const scale = Math.sqrt(Math.hypot(xPerColumn, yPerColumn) * Math.hypot(xPerRow, yPerRow));
    // A place that is no number, from a model that failed, is outside of the image at every level.
    const level = Math.min(this.#levels.length - 1, Math.max(0, Math.log2(scale) - levelBias || 0));
    const [lower, share] = [Math.floor(level), Math.round((level % 1) * mixSteps)];
    const bytes = size.width * size.height * bytesPerPixel;
    const output = this.#reserved(bytes * 2);
    this.#sampleLevel(lower, output, size, place);
    if (share > 0) {
      this.#sampleLevel(lower + 1, output + bytes, size, place);
      this.#kernel.mix(output, output + bytes, share, bytes);
    }
    return new Uint8ClampedArray(this.#memory.buffer, output, bytes);
  }

  #sampleLevel(at: number, output: number, { width, height }: SizePx, place: SamplePlace): void {
    for (; this.#filled <= at; this.#filled += 1) {
      const from = this.#levels[this.#filled - 1]!;
      this.#kernel.halve(from.offset, from.width, from.height, this.#levels[this.#filled]!.offset);
    }
    const [base, level] = [this.#levels[0]!, this.#levels[at]!];
    const [across, down] = [level.width / base.width, level.height / base.height];
    const inLevel = place.map((value, i) => value * (i < 3 ? across : down));
    this.#kernel.sample(level.offset, level.width, level.height, output, width, height, ...inLevel);
  }

  #levelsOf(size: SizePx): Level[] {
    const levels: Level[] = [];
    let [{ width, height }, offset] = [size, 0];
    while (levels.length < mostLevels && width > 1 && height > 1) {
      levels.push({ width, height, offset });
      offset += width * height * bytesPerPixel;
      [width, height] = [Math.floor(width / 2), Math.floor(height / 2)];
    }
    this.#bytes = offset;
    this.#reserved(0);
    return levels;
  }

  /** @returns where this many bytes are free behind the levels. */
  #reserved(bytes: number): number {
    const missing = this.#bytes + bytes - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / pageBytes));
    return this.#bytes;
  }
}
