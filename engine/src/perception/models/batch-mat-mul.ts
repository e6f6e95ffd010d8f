import * as tf from '@tensorflow/tfjs-core';

/**
 * The 478-point mesh multiplies int32 matrices, which the wasm backend refuses. This replaces its kernel: int32 inputs
 * go through it as float32 (exact below 2²⁴, far above the indices of that model) and the result comes back as int32.
 */
export const allowInt32MatMulOnWasm = (): void => {
  const original = tf.getKernel('BatchMatMul', 'wasm');
  if (original === undefined || original === null) return;
  tf.unregisterKernel('BatchMatMul', 'wasm');
  tf.registerKernel({
    ...original,
    kernelFunc: (params) => {
      const { a, b } = params.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      if (a.dtype === 'float32' && b.dtype === 'float32') return original.kernelFunc(params);
      const backend = params.backend as tf.KernelBackend;
      const cast = (x: tf.TensorInfo, dtype: 'float32' | 'int32'): tf.TensorInfo => {
        const kernel = tf.getKernel('Cast', 'wasm');
        return kernel.kernelFunc({ inputs: { x }, backend, attrs: { dtype } }) as tf.TensorInfo;
      };
      const inputs = { a: cast(a, 'float32'), b: cast(b, 'float32') };
      const product = original.kernelFunc({
        ...params,
        inputs: inputs as unknown as tf.NamedTensorInfoMap,
      }) as tf.TensorInfo;
      const result = cast(product, 'int32');
      for (const { dataId } of [inputs.a, inputs.b, product]) backend.disposeData(dataId);
      return result;
    },
  });
};
