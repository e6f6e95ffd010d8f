import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { FixedGraph } from './fixed-graph.ts';
import { loadFusedModel } from './fused-model.ts';

const side = 128;
const shape = [1, side, side, 3];
const inputs = new Map([['input', shape]]);
const outputs = ['classificator_8', 'regressor_16'].map((node) => `StatefulPartitionedCall/model/${node}/BiasAdd`);
const pixels = (seed: number): Float32Array =>
  Float32Array.from({ length: side * side * 3 }, (_, i) => Math.sin(i * seed + seed));

/** As TensorFlow.js computes it. */
const expected = (model: GraphModel, values: Float32Array, names: readonly string[]): ArrayLike<number>[] =>
  tf.tidy(() => {
    const results = [model.execute({ input: tf.tensor(values, shape) }, [...names])].flat() as tf.Tensor[];
    return results.map((result) => result.dataSync());
  });
const dataIds = (): number => (tf.backend() as unknown as { numDataIds(): number }).numDataIds();

let model: GraphModel;

beforeAll(useWasm);
beforeEach(async () => {
  model = await loadFusedModel(await readModel('facemesh-detection-short'));
});

describe('a model with fixed inputs', () => {
  test('repeats its kernels with exactly the values of TensorFlow.js, and leaves no tensor behind', async () => {
    const graph = new FixedGraph(model, inputs, outputs);
    expect(graph.isRecorded).toBe(true);
    const before = { tensors: tf.memory().numTensors, dataIds: dataIds() };
    for (const seed of [1, 2, 3]) {
      expect(await graph.run([pixels(seed)])).toEqual(expected(model, pixels(seed), outputs));
    }
    expect({ tensors: tf.memory().numTensors, dataIds: dataIds() }).toEqual(before);
  });

  test('keeps its memory while other models run and the memory grows', async () => {
    const graph = new FixedGraph(model, inputs, outputs);
    const first = await graph.run([pixels(1)]);
    const copy = first.map((values) => values.slice());
    const mebibytes = Array.from({ length: 64 }, () => tf.ones([1024, 1024]));
    expected(model, pixels(2), outputs);
    await graph.run([pixels(3)]);
    expect(first).toEqual(copy);
    expect(await graph.run([pixels(1)])).toEqual(copy);
    tf.dispose(mebibytes);
  });

  test('is left to TensorFlow.js on request', async () => {
    const graph = new FixedGraph(model, inputs, outputs, false);
    expect(graph.isRecorded).toBe(false);
    expect(await graph.run([pixels(5)])).toEqual(expected(model, pixels(5), outputs));
  });

  test('is left to TensorFlow.js if a node copies tensors, which no kernel does', async () => {
    const graph = new FixedGraph(model, inputs, ['Identity']);
    expect(graph.isRecorded).toBe(false);
    expect(await graph.run([pixels(4)])).toEqual(expected(model, pixels(4), ['Identity']));
  });

  test('gives its memory back, also when it could not be recorded', () => {
    // The first run of a model prepares constants.
    expected(model, pixels(1), ['Identity', ...outputs]);
    const before = dataIds();
    const withCopies = new FixedGraph(model, inputs, ['Identity']);
    expect(withCopies.isRecorded).toBe(false);
    expect(dataIds()).toBe(before);
    const graph = new FixedGraph(model, inputs, outputs);
    expect(dataIds()).toBeGreaterThan(before);
    graph.dispose();
    expect(dataIds()).toBeLessThanOrEqual(before);
  });
});
