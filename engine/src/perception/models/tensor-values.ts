import { dispose } from '@tensorflow/tfjs-core';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

/** Runs a model and waits for its values. Disposes of inputs and outputs in any case. */
export const valuesOf = async (
  inputs: Tensor | Tensor[],
  execute: () => Tensor | Tensor[] | NamedTensorMap,
): Promise<Float32Array[]> => {
  let outputs: Tensor[] = [];
  try {
    outputs = [execute()].flat() as Tensor[];
    return (await Promise.all(outputs.map((output) => output.data()))) as Float32Array[];
  } finally {
    dispose([inputs, ...outputs].flat());
  }
};
