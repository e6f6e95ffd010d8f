import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { load, readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { allowInt32MatMulOnWasm } from '../models/batch-mat-mul.ts';
import { AttentionMesh } from './attention-mesh.ts';

beforeAll(async () => {
  await useWasm();
  allowInt32MatMulOnWasm();
});

/** Two dark eyes and a mouth on a light oval: enough of a face to place every head's region. */
const face = (): Float32Array => {
  const values = new Float32Array(192 * 192 * 3).fill(0.15);
  const oval = (x: number, y: number, wide: number, high: number, light: number): void => {
    for (let i = 0; i < 192 * 192; i++) {
      const [dx, dy] = [((i % 192) - x) / wide, (Math.floor(i / 192) - y) / high];
      if (dx * dx + dy * dy < 1) values.fill(light, i * 3, i * 3 + 3);
    }
  };
  oval(96, 100, 55, 75, 0.75);
  oval(74, 85, 12, 6, 0.1);
  oval(118, 88, 12, 6, 0.1);
  oval(96, 140, 22, 7, 0.3);
  return values;
};

test('returns the points of the whole graph, irises included', async () => {
  const artifacts = await readModel('facemesh-attention');
  const whole = await load(artifacts);
  const outputs = [
    'output_faceflag',
    'output_mesh_identity',
    'Identity_1:0',
    'Identity_2:0',
    'Identity_5:0',
    'Identity_6:0',
  ];
  const expected = (whole.execute(tf.tensor4d(face(), [1, 192, 192, 3]), outputs) as tf.Tensor[]).map((tensor) =>
    tensor.dataSync(),
  );
  const [presence, mesh, , leftIris, , rightIris] = expected;
  const { presence: found, points } = await (await AttentionMesh.load(artifacts)).run(face());

  expect(found).toBeCloseTo(presence![0]!, 4);
  // No head refines the tip of the nose.
  for (const axis of [0, 1, 2]) expect(points[4 * 3 + axis]).toBeCloseTo(mesh![4 * 3 + axis]!, 2);
  for (const [first, iris] of [
    [468, leftIris],
    [473, rightIris],
  ] as const) {
    for (let i = 0; i < 5; i++) {
      expect(Math.abs(points[(first + i) * 3]! - iris![i * 2]!)).toBeLessThan(0.05);
      expect(Math.abs(points[(first + i) * 3 + 1]! - iris![i * 2 + 1]!)).toBeLessThan(0.05);
    }
  }
});

test('refuses another graph', async () => {
  await expect(AttentionMesh.load(await readModel('facemesh'))).rejects.toThrow('GatherV2/indices');
});
