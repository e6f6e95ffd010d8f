import type { io } from '@tensorflow/tfjs-core';

interface Place {
  spec: io.WeightsManifestEntry;
  at: number;
  length: number;
  bytesEach: number;
}

/** Reads and changes constants among a model's weights, in place. */
export class WeightEditor {
  readonly #places = new Map<string, Place>();
  readonly #view: DataView;

  constructor({ weightData, weightSpecs = [] }: io.ModelArtifacts & { weightData: ArrayBuffer }) {
    this.#view = new DataView(weightData);
    let at = 0;
    for (const spec of weightSpecs) {
      const length = spec.shape.reduce((product, side) => product * side, 1);
      const bytesEach = spec.quantization?.dtype === 'float16' ? 2 : 4;
      this.#places.set(spec.name, { spec, at, length, bytesEach });
      at += length * bytesEach;
    }
    if (at !== weightData.byteLength) throw new Error('The weights have an unknown layout.');
  }

  has(name: string): boolean {
    return this.#places.has(name);
  }

  shapeOf(name: string): readonly number[] {
    return this.#place(name).spec.shape;
  }

  /** The values of an int32 constant. */
  read(name: string): number[] {
    const { at, length } = this.#intPlace(name);
    return Array.from({ length }, (_, i) => this.#view.getInt32(at + i * 4, true));
  }

  /** Writes the values of an int32 constant. */
  write(name: string, values: readonly number[]): void {
    const { at, length } = this.#intPlace(name);
    if (values.length !== length) throw new RangeError(`${name} holds ${length} numbers, not ${values.length}.`);
    values.forEach((value, i) => this.#view.setInt32(at + i * 4, value, true));
  }

  /** Gives a constant of any type another order and shape. @param from the previous index of each value. */
  rearrange(name: string, shape: number[], from: (place: number) => number): void {
    const { spec, at, length, bytesEach } = this.#place(name);
    const before = new Uint8Array(this.#view.buffer.slice(at, at + length * bytesEach));
    const after = new Uint8Array(this.#view.buffer, at, length * bytesEach);
    for (let i = 0; i < length; i++) {
      const source = from(i) * bytesEach;
      after.set(before.subarray(source, source + bytesEach), i * bytesEach);
    }
    spec.shape = shape;
  }

  #place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`The graph's ${name || 'constant'} is not among its weights.`);
    return place;
  }

  #intPlace(name: string): Place {
    const place = this.#place(name);
    const { dtype, quantization } = place.spec;
    if (dtype !== 'int32' || quantization !== undefined)
      throw new Error(`The graph's ${name} is not an int32 constant.`);
    return place;
  }
}
