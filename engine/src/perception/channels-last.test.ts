import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, expect, test } from 'vitest';
import { toChannelsLast } from './channels-last.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const readModel = async (name: string): Promise<io.ModelArtifacts> => {
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

const load = (artifacts: io.ModelArtifacts) => loadGraphModel({ load: async () => artifacts });
const nodesOf = (artifacts: io.ModelArtifacts) => (artifacts.modelTopology as { node: { op: string }[] }).node;
const outputs = [0, 1, 2, 3, 4, 5].map((i) => (i === 0 ? 'Identity:0' : `Identity_${i}:0`));

beforeAll(async () => {
  setWasmPaths(path('../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/'));
  await tf.setBackend('wasm');
});

test('the rewritten phone model gives the same outputs without a single transpose', async () => {
  const original = await readModel('nanodet');
  const rewritten = toChannelsLast(original);
  expect(nodesOf(original).filter(({ op }) => op === 'Transpose')).not.toHaveLength(0);
  expect(nodesOf(rewritten).filter(({ op }) => op === 'Transpose' || op === 'Conv2D')).toHaveLength(0);

  const [before, after] = await Promise.all([load(original), load(rewritten)]);
  const image = tf.randomNormal<tf.Rank.R4>([1, 416, 416, 3], 0, 1, 'float32', 7);
  const expected = before.execute(tf.transpose(image, [0, 3, 1, 2]), outputs) as tf.Tensor[];
  const actual = after.execute(image, outputs) as tf.Tensor[];
  expected.forEach((tensor, i) => {
    const other = actual[i];
    expect(other?.shape).toEqual(tensor.shape);
    const [difference] = tf.max(tf.abs(tf.sub(tensor, other ?? 0))).dataSync();
    expect(difference).toBeLessThan(1e-4);
  });
});

test('the original weights stay as they were', async () => {
  const original = await readModel('nanodet');
  const before = new Uint8Array((original.weightData as ArrayBuffer).slice(0));
  toChannelsLast(original);
  expect(Buffer.compare(before, new Uint8Array(original.weightData as ArrayBuffer))).toBe(0);
});

test('another kind of graph is refused', async () => {
  const hands = await readModel('handdetect');
  expect(() => toChannelsLast(hands)).toThrow(/reordered|channels first|layout/u);
});
