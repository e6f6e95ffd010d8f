import * as tf from '@tensorflow/tfjs-core';

/** The parts of the wasm backend that give access to its tensors and kernels. */
export interface WasmBackend {
  wasm: {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** The module's exports. */
    asm?: { memory?: WebAssembly.Memory };
    /** The same functions, with an underscore before their names. */
    [exported: `_${string}`]: unknown;
  };
  /** @param force even if other tensors share the data. @returns whether the data is gone. */
  disposeData(dataId: object, force?: boolean): boolean;
  dataIdMap: { get(dataId: object): { memoryOffset: number; refCount: number } };
  makeOutput(shape: number[], dtype: 'float32'): { dataId: object; shape: number[]; dtype: 'float32' };
}

/** The current backend; null unless it is wasm, with memory that can be used. */
export const wasmBackend = (): WasmBackend | null => {
  if (tf.getBackend() !== 'wasm') return null;
  const backend = tf.backend() as unknown as WasmBackend;
  return memoryOf(backend) === null ? null : backend;
};

/** Memory of the wasm backend; null if this build of it does not show its memory, or shares it between threads. */
export const memoryOf = (backend: unknown): WebAssembly.Memory | null => {
  const memory = (backend as Partial<WasmBackend>).wasm?.asm?.memory;
  return memory instanceof WebAssembly.Memory && memory.buffer instanceof ArrayBuffer ? memory : null;
};
