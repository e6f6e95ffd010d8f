import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from './wasm-memory.ts';

type Kernel = (...values: number[]) => number | void;

/** A call into the backend's module. */
export interface KernelCall {
  kernel: Kernel;
  args: number[];
}

/** Places of a kernel's arguments that point to lists of 32-bit numbers, and of the lists' lengths. */
type Lists = readonly (readonly [pointer: number, length: number])[];

/**
 * Kernels that can be repeated: they read and write tensors only. The lists are shapes and paddings. A kernel without an entry makes
 * a run unrepeatable; those that TensorFlow.js computes in JavaScript (concatenation, copies) are not seen at all.
 */
const kernels: Readonly<Record<string, Lists>> = {
  FusedConv2D: [],
  Conv2D: [],
  FusedDepthwiseConv2D: [],
  DepthwiseConv2dNative: [],
  Add: [
    [1, 2],
    [4, 5],
  ],
  Multiply: [
    [1, 2],
    [4, 5],
  ],
  PadV2: [
    [1, 2],
    [4, 2],
    [5, 2],
  ],
  MaxPool: [],
  Prelu: [],
  Relu: [],
  Relu6: [],
  ResizeBilinear: [],
  Sigmoid: [],
  // The engine's own, which is no export of the backend's module.
  DepthwiseConvolution: [],
};
/** Functions of the module that manage memory. */
const bookkeeping = /^(malloc|free|register_tensor|dispose_data|stack\w+)$/;

/** Kernels keep the module's functions that they found when they were set up. */
const setUpKernels = (backend: WasmBackend): void => {
  for (const { setupFunc } of tf.getKernelsForBackend('wasm')) setupFunc?.(backend);
};

/**
 * Listens to the calls that TensorFlow.js makes into the backend's module. Tensors that are disposed of meanwhile keep
 * their memory, so that the calls can be repeated.
 */
export class KernelRecorder {
  readonly #backend: WasmBackend;
  readonly #calls: KernelCall[] = [];
  #isRepeatable = true;
  /** Tensors that were disposed of. */
  readonly #held: object[] = [];
  /** Pointers to copies of lists. */
  readonly #lists: number[] = [];

  constructor(backend: WasmBackend) {
    this.#backend = backend;
  }

  /** @returns the calls of `run`; null if they cannot be repeated. */
  record(run: () => void): KernelCall[] | null {
    const { wasm } = this.#backend;
    const listening = this.#listening(wasm.asm ?? {});
    const before = Object.keys(listening).map((name) => [name, wasm[name as `_${string}`]] as const);
    Object.assign(wasm, listening);
    setUpKernels(this.#backend);
    this.#backend.disposeData = (dataId, force = false) => this.#hold(dataId, force);
    try {
      run();
    } finally {
      Object.assign(wasm, Object.fromEntries(before));
      setUpKernels(this.#backend);
      // Uncovers the class's own method.
      Reflect.deleteProperty(this.#backend, 'disposeData');
    }
    return this.#isRepeatable ? this.#calls : null;
  }

  /** Gives the memory of the recorded calls back. */
  dispose(): void {
    for (const dataId of this.#held) this.#backend.disposeData(dataId, true);
    for (const pointer of this.#lists) this.#backend.wasm._free(pointer);
  }

  /** Like the backend's own method, but the data keeps its memory. */
  #hold(dataId: object, force: boolean): boolean {
    const data = this.#backend.dataIdMap.get(dataId);
    data.refCount -= 1;
    if (data.refCount > 0 && !force) return false;
    this.#held.push(dataId);
    return true;
  }

  #listening(asm: object): Record<string, Kernel> {
    const own = Object.keys(kernels).map((name) => [name, this.#backend.wasm[`_${name}`]]);
    const functions = Object.entries({ ...Object.fromEntries(own), ...asm }).filter(
      (entry): entry is [string, Kernel] => typeof entry[1] === 'function' && !bookkeeping.test(entry[0]),
    );
    return Object.fromEntries(
      functions.map(([name, kernel]) => {
        const lists = kernels[name];
        const listen: Kernel = (...values) => {
          const args = lists === undefined ? null : this.#withOwnLists(values, lists);
          if (args === null) this.#isRepeatable = false;
          else this.#calls.push({ kernel, args });
          return kernel(...values);
        };
        return [`_${name}`, listen];
      }),
    );
  }

  /** TensorFlow.js passes lists on the module's stack, which the next call overwrites. @returns null without memory for them. */
  #withOwnLists(values: readonly number[], lists: Lists): number[] | null {
    const own = [...values];
    const { wasm } = this.#backend;
    for (const [pointer, length] of lists) {
      const bytes = values[length]! * 4;
      const copy = this.#allocated(bytes);
      if (copy === 0) return null;
      new Uint8Array(wasm.asm!.memory!.buffer).copyWithin(copy, values[pointer]!, values[pointer]! + bytes);
      this.#lists.push(copy);
      own[pointer] = copy;
    }
    return own;
  }

  /** @returns 0 without memory. An error would end TensorFlow.js's kernel halfway, and its output would stay for ever. */
  #allocated(bytes: number): number {
    try {
      return this.#backend.wasm._malloc(bytes) >>> 0;
    } catch {
      return 0;
    }
  }
}
