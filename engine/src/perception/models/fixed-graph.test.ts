import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { FixedGraph } from './fixed-graph.ts';
import { loadFusedModel } from './fused-model.ts';
import { wasmBackend } from './wasm-memory.ts';

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
const count = () => ({ tensors: tf.memory().numTensors, dataIds: dataIds() });
/** Lists of a kernel have a few 32-bit numbers; tensors are larger. */
const mostListBytes = 32;

let model: GraphModel;

beforeAll(useWasm);
beforeEach(async () => {
  model = await loadFusedModel(await readModel('facemesh-detection-short'));
});
afterEach(() => vi.restoreAllMocks());

describe('a model with fixed inputs', () => {
  test('repeats its kernels with exactly the values of TensorFlow.js, and leaves no tensor behind', async () => {
    const graph = new FixedGraph(model, inputs, outputs);
    expect(graph.isRecorded).toBe(true);
    const before = count();
    for (const seed of [1, 2, 3]) {
      expect(await graph.run([pixels(seed)])).toEqual(expected(model, pixels(seed), outputs));
    }
    expect(count()).toEqual(before);
  });

  test('keeps its memory while other models run and the memory grows', async () => {
    const graph = new FixedGraph(model, inputs, outputs);
    const first = await graph.run([pixels(1)]);
    const copy = first.map((values) => values.slice());
    const mebibytes = Array.from({ length: 64 }, () => tf.ones([1024, 1024]));
    expected(model, pixels(2), outputs);
    expect(first).toEqual(copy);
    await graph.run([pixels(3)]);
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

  test('gives its memory back, also when it could not be recorded', async () => {
    const other = await loadFusedModel(await readModel('facemesh-detection-short'));
    // The first run of a model prepares constants.
    for (const each of [model, other]) expected(each, pixels(1), ['Identity', ...outputs]);
    const withBoth = count();
    new FixedGraph(other, inputs, outputs, false).dispose();
    const withOne = count();
    const withCopies = new FixedGraph(model, inputs, ['Identity']);
    expect(withCopies.isRecorded).toBe(false);
    expect(count()).toEqual(withOne);
    const { wasm } = wasmBackend()!;
    const [malloc, free] = [vi.spyOn(wasm, '_malloc'), vi.spyOn(wasm, '_free')];
    const graph = new FixedGraph(model, inputs, outputs);
    expect(count().dataIds).toBeGreaterThan(withOne.dataIds);
    const lists = malloc.mock.calls.flatMap(([bytes], i) =>
      bytes <= mostListBytes ? [malloc.mock.results[i]!.value] : [],
    );
    expect(lists.length).toBeGreaterThan(0);
    free.mockClear();
    graph.dispose();
    expect(free.mock.calls.flat()).toEqual(expect.arrayContaining(lists));
    expect(count()).toEqual({
      tensors: withOne.tensors * 2 - withBoth.tensors,
      dataIds: withOne.dataIds * 2 - withBoth.dataIds,
    });
  });

  test('is left to TensorFlow.js, with all memory given back, if there is too little for a recording', async () => {
    expected(model, pixels(1), outputs);
    const { wasm } = wasmBackend()!;
    const own = wasm._malloc.bind(wasm);
    const malloc = vi.spyOn(wasm, '_malloc');
    const sample = new FixedGraph(model, inputs, outputs);
    expect(sample.isRecorded).toBe(true);
    const allocations = malloc.mock.calls.length;
    const firstList = malloc.mock.calls.findIndex(([bytes]) => bytes <= mostListBytes);
    for (const failsFrom of [0, firstList, Math.floor(allocations / 2), allocations - 1]) {
      const before = count();
      let made = 0;
      malloc.mockImplementation((bytes) => {
        if (made++ >= failsFrom) throw new Error('Aborted(OOM)');
        return own(bytes);
      });
      const graph = new FixedGraph(model, inputs, outputs);
      expect(graph.isRecorded).toBe(false);
      expect({ failsFrom, ...count() }).toEqual({ failsFrom, ...before });
      malloc.mockImplementation(own);
      expect(await graph.run([pixels(6)])).toEqual(expected(model, pixels(6), outputs));
    }
  });
});
