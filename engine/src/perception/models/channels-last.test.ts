import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, load, readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { forAnyInputSize } from './any-input-size.ts';
import { toChannelsLast } from './channels-last.ts';

const nodesOf = (artifacts: io.ModelArtifacts) => (artifacts.modelTopology as { node: { op: string }[] }).node;
const outputs = [0, 1, 2, 3, 4, 5].map((i) => (i === 0 ? 'Identity:0' : `Identity_${i}:0`));

beforeAll(useWasm);

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
    expect(largestDifference(tensor, other!)).toBeLessThan(1e-4);
  });
});

test('without its fixed input size, it gives the same outputs for that size, and one row for each cell of another', async () => {
  const rewritten = toChannelsLast(await readModel('nanodet'));
  const free = forAnyInputSize(rewritten, 416);
  const [fixed, any] = await Promise.all([load(rewritten), load(free.artifacts)]);
  const run = (image: tf.Tensor4D): tf.Tensor[] => {
    const [, height, width] = image.shape;
    const sizes = free.innerSizes.map(({ name, stride }) => [
      name,
      tf.tensor1d([height / stride, width / stride], 'int32'),
    ]);
    return any.execute({ ...Object.fromEntries(sizes), input_1: image }, outputs) as tf.Tensor[];
  };
  const square = tf.randomNormal<tf.Rank.R4>([1, 416, 416, 3], 0, 1, 'float32', 7);
  const expected = fixed.execute(square, outputs) as tf.Tensor[];
  run(square).forEach((tensor, i) => expect(largestDifference(tensor, expected[i]!)).toBe(0));
  const wide = run(tf.zeros([1, 256, 416, 3]));
  expect(wide.slice(0, 3).map(({ shape }) => shape[1])).toEqual([52 * 32, 26 * 16, 13 * 8]);
});

test('the original weights stay unchanged', async () => {
  const original = await readModel('nanodet');
  const before = new Uint8Array((original.weightData as ArrayBuffer).slice(0));
  toChannelsLast(original);
  expect(Buffer.compare(before, new Uint8Array(original.weightData as ArrayBuffer))).toBe(0);
});

test('another kind of graph is refused', async () => {
  const hands = await readModel('handlandmark-lite');
  expect(() => toChannelsLast(hands)).toThrow(/reordered|channels first|layout/u);
});
