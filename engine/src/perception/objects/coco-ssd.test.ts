import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { load, readModel, useWasm } from '../../../test/support/model-artifacts.ts';
import { Int16Convolutions } from '../models/int16/int16-convolutions.ts';
import { cocoSsdSidePx, CocoSsd } from './coco-ssd.ts';
import { distinctBoxes } from './scored-box.ts';
import type { ScoredBox } from './scored-box.ts';

/** Boxes [1, 1917, 1, 4] and scores [1, 1917, 90], as the package reads them; column 76 is the phone's. */
const outputs = ['Postprocessor/ExpandDims_1', 'Postprocessor/Slice'];
const phone = 76;

beforeAll(useWasm);

/** An image with edges of many sizes, so that every anchor responds. */
const image = (): Uint8ClampedArray => {
  const rgba = new Uint8ClampedArray(cocoSsdSidePx ** 2 * 4);
  for (let i = 0; i < cocoSsdSidePx ** 2; i++) {
    const [x, y] = [i % cocoSsdSidePx, Math.floor(i / cocoSsdSidePx)];
    const inPhone = x > 110 && x < 190 && y > 60 && y < 220;
    const light = inPhone ? 20 : 150 + 60 * Math.sin(x / 17) * Math.cos(y / 23);
    rgba.set([light, light * 0.9, light * 0.8, 255], i * 4);
  }
  return rgba;
};

describe('coco-ssd', () => {
  test('computes the phone column of the original graph, box for box', async () => {
    const artifacts = await readModel('coco-ssd');
    const original = await load(artifacts);
    const rgba = image();
    const rgb = Int32Array.from({ length: cocoSsdSidePx ** 2 * 3 }, (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)]!);
    const pixels = tf.tensor4d(rgb, [1, cocoSsdSidePx, cocoSsdSidePx, 3], 'int32');
    const [boxes, scores] = (await original.executeAsync({ image_tensor: pixels }, outputs)) as tf.Tensor[];
    const [corners, classes] = [boxes!.dataSync(), scores!.dataSync()];
    const expected = Array.from({ length: classes.length / 90 }, (_, i) => ({
      score: classes[i * 90 + phone]!,
      box: corners.slice(i * 4, i * 4 + 4),
    })).filter(({ score }) => score >= 0.001);

    const found = await (await CocoSsd.load(artifacts)).detect(rgba, 0.001);
    expect(expected.length).toBeGreaterThan(3);
    expect(found).toHaveLength(expected.length);
    found.forEach(({ score, top, left, bottom, right }, i) => {
      expect(score).toBeCloseTo(expected[i]!.score, 3);
      [top, left, bottom, right].forEach((side, at) => expect(side).toBeCloseTo(expected[i]!.box[at]!, 3));
    });
  });

  test('finds the same boxes with integers', async () => {
    const artifacts = await readModel('coco-ssd');
    const floats = await (await CocoSsd.load(artifacts)).detect(image(), 0.01);
    const int16 = await Int16Convolutions.install();
    expect(int16).not.toBeNull();
    const integers = await CocoSsd.load(artifacts, int16);
    const found = await integers.detect(image(), 0.01);
    integers.dispose();
    const best = (boxes: readonly ScoredBox[]): ScoredBox[] => distinctBoxes(boxes, 2);
    expect(best(found)).toHaveLength(best(floats).length);
    best(found).forEach((box, i) => {
      for (const side of ['score', 'left', 'top', 'right', 'bottom'] as const)
        expect(box[side]).toBeCloseTo(best(floats)[i]![side], 1);
    });
    expect(found).not.toEqual(floats);
  });

  test('refuses another graph', async () => {
    await expect(CocoSsd.load(await readModel('facemesh'))).rejects.toThrow('Postprocessor/ExpandDims');
  });
});
