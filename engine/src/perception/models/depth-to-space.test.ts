import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { largestDifference, load, readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { withDepthToSpace } from './depth-to-space.ts';

beforeAll(useWasm);

test('the palm model without transposed convolutions gives the same outputs', async () => {
  const original = await readModel('handdetect');
  const [before, after] = await Promise.all([load(original), load(withDepthToSpace(original))]);
  const image = tf.randomUniform<tf.Rank.R4>([1, 256, 256, 3], -1, 1, 'float32', 7);
  const [expected, actual] = [before.execute(image) as tf.Tensor, after.execute(image) as tf.Tensor];
  expect(actual.shape).toEqual(expected.shape);
  expect(largestDifference(expected, actual)).toBeLessThan(1e-3);
});

test('what is given stays as it was', async () => {
  const original = await readModel('handdetect');
  const before = structuredClone(original);
  withDepthToSpace(original);
  expect(original).toEqual(before);
});

test('a transposed convolution whose windows overlap is refused', async () => {
  const original = structuredClone(await readModel('handdetect'));
  const { node } = original.modelTopology as { node: { op: string; attr: { strides?: object } }[] };
  const transposed = node.find(({ op }) => op === 'Conv2DBackpropInput');
  transposed!.attr.strides = { list: { i: ['1', '1', '1', '1'] } };
  expect(() => withDepthToSpace(original)).toThrow(/stride 2/u);
});
