import * as tf from '@tensorflow/tfjs-core';
import { kernelInstance } from '../kernel-instance.ts';
import { memoryOf } from '../wasm-memory.ts';
import type { WasmBackend } from '../wasm-memory.ts';
import { depthwiseKernelCode } from './depthwise-kernel-code.ts';

/** The compiled function of `engine/kernels/depthwise-convolution.ts`. */
interface DepthwiseKernel {
  depthwise: (...values: number[]) => void;
}

/** Under this name among the backend's functions, so that a recording of its calls contains it. */
const exported = '_DepthwiseConvolution';
const lanes = 4;
/** Limits of the output of each activation; others stay with TensorFlow.js. */
const limits: Readonly<Record<string, readonly [lowest: number, highest: number]>> = {
  linear: [-Infinity, Infinity],
  relu: [0, Infinity],
  relu6: [0, 6],
};

type DepthwiseInputs = Record<'x' | 'filter', tf.TensorInfo> & { bias?: tf.TensorInfo };

/**
 * Replaces TensorFlow.js's depthwise kernels, which load every weight and input again for each output. Results are equal up to rounding.
 * Other backends, and browsers without SIMD, are not affected. Call once per worker.
 */
export const installDepthwiseConvolutions = async (): Promise<void> => {
  if (tf.getBackend() !== 'wasm') return;
  const backend = tf.backend() as unknown as WasmBackend;
  const memory = memoryOf(backend);
  const kernel =
    memory === null ? null : await kernelInstance<DepthwiseKernel>('depthwise', depthwiseKernelCode, memory);
  if (kernel === null) return;
  backend.wasm[exported] = kernel.depthwise;
  for (const name of ['FusedDepthwiseConv2D', 'DepthwiseConv2dNative'] as const) {
    const original = tf.getKernel(name, 'wasm');
    tf.unregisterKernel(name, 'wasm');
    tf.registerKernel({
      ...original,
      kernelFunc: (params) => {
        const inputs = params.inputs as unknown as DepthwiseInputs;
        const attributes = params.attrs as unknown as tf.FusedDepthwiseConv2DAttrs;
        return convolve(backend, inputs, attributes) ?? original.kernelFunc(params);
      },
    });
  }
};

/** @returns null for a convolution that is left to TensorFlow.js. */
const convolve = (
  backend: WasmBackend,
  { x, filter, bias }: DepthwiseInputs,
  {
    strides,
    pad,
    dilations,
    dataFormat = 'NHWC',
    dimRoundingMode,
    activation = 'linear',
  }: Partial<tf.FusedDepthwiseConv2DAttrs>,
): tf.TensorInfo | null => {
  const limit = limits[activation];
  const info = tf.backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides!,
    dilations ?? 1,
    pad!,
    dimRoundingMode,
    true,
  );
  const isPlain =
    dataFormat === 'NHWC' &&
    info.batchSize === 1 &&
    info.outChannels === info.inChannels &&
    info.inChannels % lanes === 0 &&
    info.dilationHeight === 1 &&
    info.dilationWidth === 1 &&
    filter.shape[2] === info.inChannels &&
    (bias === undefined || tf.util.sizeFromShape(bias.shape) === info.outChannels);
  if (limit === undefined || !isPlain) return null;
  const output = backend.makeOutput(info.outShape, 'float32');
  const offsetOf = ({ dataId }: { dataId: object }): number => backend.dataIdMap.get(dataId).memoryOffset;
  (backend.wasm[exported] as DepthwiseKernel['depthwise'])(
    offsetOf(x),
    offsetOf(output),
    offsetOf(filter),
    bias === undefined ? 0 : offsetOf(bias),
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.padInfo.top,
    info.padInfo.left,
    info.outHeight,
    info.outWidth,
    ...limit,
  );
  return output as tf.TensorInfo;
};
