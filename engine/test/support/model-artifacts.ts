import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** One of the installed models, as the engine receives it. */
export const readModel = async (name: string): Promise<io.ModelArtifacts> => {
  const json = JSON.parse(await readFile(path(`../../../models/weights/${name}.json`), 'utf8')) as {
    modelTopology: object;
    signature: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  const bytes = await readFile(path(`../../../models/weights/${name}.bin`));
  return {
    modelTopology: json.modelTopology,
    signature: json.signature,
    weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  };
};

export const load = (artifacts: io.ModelArtifacts): Promise<GraphModel> =>
  loadGraphModel({ load: async () => artifacts });

/** TensorFlow.js under Node, on the backend that most students use. */
export const useWasm = async (): Promise<void> => {
  setWasmPaths(path('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  await tf.setBackend('wasm');
};

/** The largest difference between two tensors of one shape. */
export const largestDifference = (a: tf.Tensor, b: tf.Tensor): number => {
  const [difference = Number.NaN] = tf.max(tf.abs(tf.sub(a, b))).dataSync();
  return difference;
};
