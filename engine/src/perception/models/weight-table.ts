import type { io } from '@tensorflow/tfjs-core';
import { fromHalf } from './half-float.ts';

export interface Weight {
  shape: number[];
  values: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
}

/** Weights of a graph model by name, decoded, to be changed and packed again as float32 and int32. */
export class WeightTable {
  readonly #weights = new Map<string, Weight>();

  /** @throws TypeError for weights in pieces, or of a type other than float32, float16 and int32. */
  constructor({ weightData, weightSpecs = [] }: io.ModelArtifacts) {
    if (!(weightData instanceof ArrayBuffer)) throw new TypeError('The weights are not contiguous.');
    const view = new DataView(weightData);
    let at = 0;
    for (const spec of weightSpecs) {
      const length = spec.shape.reduce((product, side) => product * side, 1);
      const { values, bytes } = decoded(view, at, length, spec);
      this.#weights.set(spec.name, { shape: [...spec.shape], values });
      at += bytes;
    }
    if (at !== weightData.byteLength) throw new TypeError('The weights have an unknown layout.');
  }

  has(name: string): boolean {
    return this.#weights.has(name);
  }

  /** @throws Error if the graph has no such constant. */
  get(name: string): Weight {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw new Error(`The graph's ${name || 'constant'} is not among its weights.`);
    return weight;
  }

  set(name: string, weight: Weight): void {
    this.#weights.set(name, weight);
  }

  /** @param names the weights to keep; the rest is left out. */
  packed(names: ReadonlySet<string>): Required<Pick<io.ModelArtifacts, 'weightSpecs' | 'weightData'>> {
    const kept = [...this.#weights].filter(([name]) => names.has(name));
    const data = new Uint8Array(kept.reduce((sum, [, { values }]) => sum + values.byteLength, 0));
    let at = 0;
    const weightSpecs = kept.map(([name, { shape, values }]): io.WeightsManifestEntry => {
      data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
      at += values.byteLength;
      return { name, shape, dtype: values instanceof Int32Array ? 'int32' : 'float32' };
    });
    return { weightSpecs, weightData: data.buffer };
  }
}

const decoded = (view: DataView, at: number, length: number, spec: io.WeightsManifestEntry) => {
  const stored = spec.quantization?.dtype ?? spec.dtype;
  if (stored === 'float16') {
    const values = Float32Array.from({ length }, (_, i) => fromHalf(view.getUint16(at + i * 2, true)));
    return { values, bytes: length * 2 };
  }
  if (stored === 'float32') {
    return { values: Float32Array.from({ length }, (_, i) => view.getFloat32(at + i * 4, true)), bytes: length * 4 };
  }
  if (stored === 'int32') {
    return { values: Int32Array.from({ length }, (_, i) => view.getInt32(at + i * 4, true)), bytes: length * 4 };
  }
  throw new TypeError(`The weight ${spec.name} is stored as ${stored}; float32, float16 and int32 can be read.`);
};
