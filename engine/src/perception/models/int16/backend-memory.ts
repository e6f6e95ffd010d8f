/** The parts of the wasm backend that give a second wasm module access to its tensors. */
export interface WasmBackend {
  wasm: {
    _malloc(bytes: number): number;
    _free(pointer: number): void;
    /** The module's exports. */
    asm?: { memory?: WebAssembly.Memory };
  };
  dataIdMap: { get(dataId: object): { memoryOffset: number } };
  makeOutput(shape: number[], dtype: 'float32'): { dataId: object; shape: number[]; dtype: 'float32' };
}

/** Memory of the wasm backend; null if this build of it does not show its memory, or shares it between threads. */
export const memoryOf = (backend: unknown): WebAssembly.Memory | null => {
  const memory = (backend as Partial<WasmBackend>).wasm?.asm?.memory;
  return memory instanceof WebAssembly.Memory && memory.buffer instanceof ArrayBuffer ? memory : null;
};
