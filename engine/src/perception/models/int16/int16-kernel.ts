import { kernelInstance } from '../kernel-instance.ts';
import { int16KernelCode } from './int16-kernel-code.ts';

/** The compiled functions of `engine/kernels/int16-convolution.ts`, working on the backend's memory. */
export interface Int16Kernel {
  /** @param pointer to the description of a convolution: see the kernel's source. */
  convolve: (pointer: number) => void;
  /** Scratch memory that a convolution with this many inputs per output needs. */
  scratchBytes: (inputs: number) => number;
}

/** @returns null in browsers without SIMD, or if the memory cannot be used: TensorFlow.js then computes everything. */
export const loadKernel = (memory: WebAssembly.Memory): Promise<Int16Kernel | null> =>
  kernelInstance('int16', int16KernelCode, memory);
