import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { KernelRecorder } from './kernel-recorder.ts';
import type { KernelCall } from './kernel-recorder.ts';
import { valuesOf } from './tensor-values.ts';
import { wasmBackend } from './wasm-memory.ts';
import type { WasmBackend } from './wasm-memory.ts';

/** Names and shapes of a model's inputs. */
export type InputShapes = ReadonlyMap<string, readonly number[]>;

/**
 * A model whose inputs have fixed sizes. On the wasm backend its kernels are repeated as they were called once, in the
 * same memory, which it keeps: for a small model, TensorFlow.js spends a fifth of the time on looking up nodes, tracking tensors and
 * checking arguments.
 */
export class FixedGraph {
  readonly #model: GraphModel;
  readonly #inputs: InputShapes;
  readonly #outputs: readonly string[];
  readonly #recorded: Recording | null;

  /**
   * @param outputs names of nodes. A recorded run cannot repeat nodes that copy tensors, such as `Identity`.
   * @param mayRecord false saves the memory of all intermediate tensors.
   */
  constructor(model: GraphModel, inputs: InputShapes, outputs: readonly string[], mayRecord = true) {
    this.#model = model;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#recorded = mayRecord ? this.#recording() : null;
  }

  /** Whether TensorFlow.js is not needed for a run. */
  get isRecorded(): boolean {
    return this.#recorded !== null;
  }

  /** @param values of each input. @returns values of each output, which the next run may overwrite. */
  async run(values: readonly Float32Array[]): Promise<Float32Array[]> {
    if (this.#recorded !== null) return this.#recorded.run(values);
    const tensors = this.#tensors(values);
    return valuesOf(tensors, () => this.#execute(tensors));
  }

  dispose(): void {
    this.#recorded?.dispose();
    this.#model.dispose();
  }

  #tensors(values: readonly Float32Array[]): tf.Tensor[] {
    return [...this.#inputs.values()].map((shape, i) => tf.tensor(values[i]!, [...shape]));
  }

  #execute(tensors: readonly tf.Tensor[]): tf.Tensor[] {
    const feed = Object.fromEntries([...this.#inputs.keys()].map((name, i) => [name, tensors[i]!]));
    return [this.#model.execute(feed, [...this.#outputs])].flat() as tf.Tensor[];
  }

  /** @returns null on other backends, without the memory for it, or if repeating the run does not give the model's own values. */
  #recording(): Recording | null {
    const backend = wasmBackend();
    if (backend === null) return null;
    const recorder = new KernelRecorder(backend);
    try {
      const recording = this.#record(backend, recorder);
      if (recording !== null && this.#isRepeatedBy(recording)) return recording;
    } catch {
      // A recording keeps more memory than a run needs. TensorFlow.js may have enough.
    }
    recorder.dispose();
    return null;
  }

  #record(backend: WasmBackend, recorder: KernelRecorder): Recording | null {
    const inputs = this.#tensors(this.#trial(1));
    let outputs: tf.Tensor[] = [];
    const calls = recorder.record(() => {
      try {
        outputs = this.#execute(inputs);
      } finally {
        // The recorder keeps their memory.
        tf.dispose([...inputs, ...outputs]);
      }
    });
    return calls === null ? null : new Recording(backend, recorder, { calls, inputs, outputs });
  }

  #isRepeatedBy(recording: Recording): boolean {
    const values = this.#trial(2);
    const expected: ArrayLike<number>[] = tf.tidy(() =>
      this.#execute(this.#tensors(values)).map((output) => output.dataSync()),
    );
    return recording.run(values).every((found, i) => found.every((value, at) => value === expected[i]![at]));
  }

  /** Inputs without meaning, 0–1. */
  #trial(seed: number): Float32Array[] {
    return [...this.#inputs.values()].map((shape) =>
      Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, (_, i) => ((i * 7919 * seed) % 1009) / 1009),
    );
  }
}

interface Run {
  calls: readonly KernelCall[];
  inputs: readonly tf.Tensor[];
  outputs: readonly tf.Tensor[];
}

/** Where a tensor's values are in the backend's memory. */
interface Place {
  offset: number;
  length: number;
}

class Recording {
  readonly #backend: WasmBackend;
  readonly #recorder: KernelRecorder;
  readonly #calls: readonly KernelCall[];
  readonly #inputs: readonly Place[];
  readonly #outputs: readonly Place[];
  /** Of the outputs. Not views of the module's memory, which moves when it grows. */
  readonly #values: Float32Array[];

  constructor(backend: WasmBackend, recorder: KernelRecorder, { calls, inputs, outputs }: Run) {
    this.#backend = backend;
    this.#recorder = recorder;
    this.#calls = calls;
    const placeOf = ({ dataId, size }: tf.Tensor): Place => ({
      offset: backend.dataIdMap.get(dataId).memoryOffset,
      length: size,
    });
    this.#inputs = inputs.map(placeOf);
    this.#outputs = outputs.map(placeOf);
    this.#values = this.#outputs.map(({ length }) => new Float32Array(length));
  }

  run(values: readonly Float32Array[]): Float32Array[] {
    this.#inputs.forEach((place, i) => this.#view(place).set(values[i]!));
    for (const { kernel, args } of this.#calls) kernel(...args);
    this.#outputs.forEach((place, i) => this.#values[i]!.set(this.#view(place)));
    return this.#values;
  }

  dispose(): void {
    this.#recorder.dispose();
  }

  /** The memory's buffer changes when it grows. */
  #view({ offset, length }: Place): Float32Array {
    return new Float32Array(this.#backend.wasm.asm!.memory!.buffer, offset, length);
  }
}
