import * as tf from '@tensorflow/tfjs-core';
import { assert, asyncProperty, constantFrom, integer, record } from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { largestDifference, useWasm } from '../../../../test/support/model-artifacts.ts';
import { Int16Convolutions } from './int16-convolutions.ts';

let int16: Int16Convolutions;

beforeAll(async () => {
  await useWasm();
  int16 = (await Int16Convolutions.install())!;
});

const shapes = record({
  height: integer({ min: 1, max: 9 }),
  width: integer({ min: 1, max: 9 }),
  channels: integer({ min: 1, max: 70 }),
  outputs: integer({ min: 1, max: 20 }),
  side: constantFrom(1, 3),
  stride: constantFrom(1, 2),
  padding: constantFrom('same', 'valid'),
  activation: constantFrom('linear', 'relu', 'relu6', 'leakyrelu'),
  seed: integer({ min: 1, max: 1e6 }),
});

describe('convolutions with integers', () => {
  test('equal those with floats within a hundredth of their range, in every shape', async () => {
    await assert(
      asyncProperty(shapes, async ({ height, width, channels, outputs, side, stride, padding, activation, seed }) => {
        if (padding === 'valid' && (height < side || width < side)) return;
        const x = tf.randomUniform<tf.Rank.R4>([1, height, width, channels], -2, 3, 'float32', seed);
        const filter = tf.randomUniform<tf.Rank.R4>([side, side, channels, outputs], -1, 1, 'float32', seed + 1);
        const bias = tf.randomUniform<tf.Rank.R1>([outputs], -1, 1, 'float32', seed + 2);
        const convolve = (): tf.Tensor =>
          tf.fused.conv2d({
            x,
            filter,
            strides: stride,
            pad: padding as 'same' | 'valid',
            bias,
            activation: activation as 'linear',
            leakyreluAlpha: 0.1,
          });
        const expected = convolve();
        const free = await int16.quantise([{ filter, bias }]);
        const found = convolve();
        free();
        const [range = NaN] = tf.tidy(() => tf.sub(tf.max(expected), tf.min(expected)).dataSync());
        const difference = tf.tidy(() => largestDifference(found, expected));
        const again = convolve();
        const unchanged = tf.tidy(() => largestDifference(again, expected));
        tf.dispose([x, filter, bias, expected, found, again]);
        expect(found.shape).toEqual(expected.shape);
        expect(difference).toBeLessThan(0.01 * Math.max(range, Math.sqrt(side * side * channels)));
        expect(unchanged).toBe(0);
      }),
    );
  });

  test('are used for a quantised filter, and leave no tensor behind', async () => {
    const x = tf.randomUniform<tf.Rank.R4>([1, 4, 4, 64], 0, 1, 'float32', 7);
    const filter = tf.randomUniform<tf.Rank.R4>([1, 1, 64, 8], -1, 1, 'float32', 8);
    const bias = tf.zeros<tf.Rank.R1>([8]);
    const convolve = (): tf.Tensor =>
      tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'linear' });
    const expected = convolve();
    const free = await int16.quantise([{ filter, bias }]);
    const before = tf.memory().numTensors;
    const found = convolve();
    const added = tf.memory().numTensors - before;
    expect(added).toBe(1);
    expect(tf.tidy(() => largestDifference(found, expected))).toBeGreaterThan(0);
    free();
    tf.dispose([x, filter, bias, expected, found]);
  });
});
