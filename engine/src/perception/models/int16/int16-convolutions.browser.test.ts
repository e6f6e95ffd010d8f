import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdWasmUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import * as tf from '@tensorflow/tfjs-core';
import { expect, test } from 'vitest';
import { Int16Convolutions } from './int16-convolutions.ts';

test('a browser computes the same with integers as with floats', async () => {
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': simdWasmUrl,
    'tfjs-backend-wasm-simd.wasm': simdWasmUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': simdWasmUrl,
  });
  expect(await tf.setBackend('wasm')).toBe(true);
  const int16 = await Int16Convolutions.install();
  const x = tf.randomUniform<tf.Rank.R4>([1, 9, 7, 64], 0, 2, 'float32', 1);
  const filter = tf.randomUniform<tf.Rank.R4>([3, 3, 64, 20], -1, 1, 'float32', 2);
  const bias = tf.zeros<tf.Rank.R1>([20]);
  const convolve = () => tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'linear' }).data();
  const floats = await convolve();
  await int16!.quantise([{ filter, bias }]);
  const integers = await convolve();
  const largest = Math.max(...floats.map((value, i) => Math.abs(value - integers[i]!)));
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(0.2);
});
