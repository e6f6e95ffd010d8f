import { int16KernelCode } from './int16-kernel-code.ts';

/** The compiled functions of `engine/kernels/int16-convolution.ts`, working on the backend's memory. */
export interface Int16Kernel {
  /** @param pointer to the description of a convolution: see the kernel's source. */
  convolve: (pointer: number) => void;
  /** Scratch memory that a convolution with this many inputs per output needs. */
  scratchBytes: (inputs: number) => number;
}

/** @returns null in browsers without SIMD, or if the memory cannot be used: TensorFlow.js then computes everything. */
export const loadKernel = async (memory: WebAssembly.Memory): Promise<Int16Kernel | null> => {
  const bytes = Uint8Array.from(atob(int16KernelCode), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return null;
  try {
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
    return instance.exports as unknown as Int16Kernel;
  } catch (error) {
    console.warn('int16_kernel_unusable', error);
    return null;
  }
};
