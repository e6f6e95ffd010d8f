import * as tf from '@tensorflow/tfjs-core';
import { assert, constantFrom, integer, property, record } from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readModel, useWasm } from '../../../../test/support/model-artifacts.ts';
import { FixedGraph } from '../fixed-graph.ts';
import { loadFusedModel } from '../fused-model.ts';
import { wasmBackend } from '../wasm-memory.ts';
import { installDepthwiseConvolutions } from './depthwise-convolutions.ts';

let calls = 0;
const input = (seed: number) => Float32Array.from({ length: 128 * 128 * 3 }, (_, i) => Math.sin(i * seed));
const outputs = ['classificator_8', 'regressor_16'].map((node) => `StatefulPartitionedCall/model/${node}/BiasAdd`);
const loadGraph = async (mayRecord: boolean) => {
  const model = await loadFusedModel(await readModel('facemesh-detection-short'));
  return new FixedGraph(model, new Map([['input', [1, 128, 128, 3]]]), outputs, mayRecord);
};
/** Of a model, as TensorFlow.js alone computes them. */
let before: Float32Array[] = [];

let originals: tf.KernelConfig[] = [];

beforeAll(async () => {
  await useWasm();
  originals = ['FusedDepthwiseConv2D', 'DepthwiseConv2dNative'].map((name) => tf.getKernel(name, 'wasm'));
  before = await (await loadGraph(false)).run([input(1)]);
  await installDepthwiseConvolutions();
  const { wasm } = wasmBackend()!;
  const own = wasm._DepthwiseConvolution as (...values: number[]) => void;
  wasm._DepthwiseConvolution = (...values: number[]) => {
    calls += 1;
    own(...values);
  };
});

afterAll(() => {
  for (const original of originals) {
    tf.unregisterKernel(original.kernelName, 'wasm');
    tf.registerKernel(original);
  }
});

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - b[i]!)),
    a.length === b.length ? 0 : Infinity,
  );

/** Where the outputs of one direction begin in the input, and how many there are. */
const along = (
  length: number,
  side: number,
  stride: number,
  pad: 'same' | 'valid',
): [count: number, before: number] => {
  if (pad === 'valid') return [Math.ceil((length - side + 1) / stride), 0];
  const count = Math.ceil(length / stride);
  return [count, Math.floor(Math.max(0, (count - 1) * stride + side - length) / 2)];
};

const byDefinition = (x: tf.Tensor4D, filter: tf.Tensor4D, stride: number, pad: 'same' | 'valid'): tf.Tensor4D => {
  const [, height, width, channels] = x.shape;
  const [tall, wide] = filter.shape;
  const [rows, above] = along(height, tall, stride, pad);
  const [columns, leading] = along(width, wide, stride, pad);
  const [values, weights] = [x.dataSync(), filter.dataSync()];
  const sums = Float32Array.from({ length: rows * columns * channels }, (_, at) => {
    const channel = at % channels;
    const left = (Math.floor(at / channels) % columns) * stride - leading;
    const top = Math.floor(at / channels / columns) * stride - above;
    let sum = 0;
    for (let j = 0; j < tall; j++) {
      for (let i = 0; i < wide; i++) {
        const [row, column] = [top + j, left + i];
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        sum += values[(row * width + column) * channels + channel]! * weights[(j * wide + i) * channels + channel]!;
      }
    }
    return sum;
  });
  return tf.tensor4d(sums, [1, rows, columns, channels]);
};

const shapes = record({
  height: integer({ min: 1, max: 12 }),
  width: integer({ min: 1, max: 12 }),
  channels: constantFrom(3, 4, 8, 20),
  tall: constantFrom(1, 2, 3, 5),
  wide: constantFrom(1, 2, 3, 5),
  stride: constantFrom(1, 2),
  padding: constantFrom('same', 'valid'),
  activation: constantFrom('linear', 'relu', 'relu6', 'prelu'),
  hasBias: constantFrom(true, false),
  seed: integer({ min: 1, max: 1e6 }),
});

test('a depthwise convolution has the values of its definition, in every shape', () => {
  assert(
    property(shapes, ({ height, width, channels, tall, wide, stride, padding, activation, hasBias, seed }) => {
      if (padding === 'valid' && (height < tall || width < wide)) return;
      const isLeftToTensorFlow = channels % 4 !== 0 || (hasBias && activation === 'prelu');
      // TensorFlow.js is wrong where a stride skips inputs.
      if (isLeftToTensorFlow && Math.min(tall, wide) < stride) return;
      const random = (shape: number[], part: number) => tf.randomUniform(shape, -2, 3, 'float32', seed + part);
      tf.tidy(() => {
        const x = random([1, height, width, channels], 0) as tf.Tensor4D;
        const filter = random([tall, wide, channels, 1], 1) as tf.Tensor4D;
        const bias = random([channels], 2);
        const slopes = random([channels], 3);
        const pad = padding as 'same' | 'valid';
        const found = hasBias
          ? tf.fused.depthwiseConv2d({
              x,
              filter,
              strides: stride,
              pad,
              bias,
              activation: activation as 'linear',
              ...(activation === 'prelu' ? { preluActivationWeights: slopes } : {}),
            })
          : tf.depthwiseConv2d(x, filter, stride, pad);
        const sums = byDefinition(x, filter, stride, pad);
        const activate: Record<string, (value: tf.Tensor) => tf.Tensor> = {
          linear: (value) => value,
          relu: tf.relu,
          relu6: tf.relu6,
          prelu: (value) => tf.prelu(value, slopes),
        };
        const expected = hasBias ? activate[activation]!(tf.add(sums, bias)) : sums;
        expect(found.shape).toEqual(expected.shape);
        expect(largest(found.dataSync(), expected.dataSync())).toBeLessThan(1e-4);
      });
    }),
    { numRuns: 2000 },
  );
});

test('a model has the values that it had before, recorded and not', async () => {
  for (const mayRecord of [false, true]) {
    const graph = await loadGraph(mayRecord);
    expect(graph.isRecorded).toBe(mayRecord);
    calls = 0;
    const after = await graph.run([input(1)]);
    expect(calls).toBe(15);
    expect(after.map((values, i) => largest(values, before[i]!) < 1e-3)).toEqual([true, true]);
    graph.dispose();
  }
});

test.each([
  ['of channels that do not fill four lanes', [1, 4, 4, 6], 1],
  ['with dilation', [1, 4, 4, 8], 2],
  ['of several images', [2, 4, 4, 8], 1],
] as const)('a convolution %s is left to TensorFlow.js', (_what, shape, dilations) => {
  calls = 0;
  tf.tidy(() => {
    const filter = tf.ones<tf.Rank.R4>([3, 3, shape[3], 1]);
    const found = tf.depthwiseConv2d(tf.ones<tf.Rank.R4>([...shape]), filter, 1, 'same', 'NHWC', dilations);
    expect(found.dataSync()[0]).toBe(4);
  });
  expect(calls).toBe(0);
});
