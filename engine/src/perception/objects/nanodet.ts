import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { forAnyInputSize, type InnerSize } from '../models/any-input-size.ts';
import { toChannelsLast } from '../models/channels-last.ts';
import { inMemory } from '../models/model-loader.ts';
import { valuesOf } from '../models/tensor-values.ts';

/**
 * NanoDet-m 416 (RangiLyu/nanodet, Apache-2.0) in the shape in which coco-ssd's ObjectDetection runs a model: one batch of
 * pixels in, scores [1, N, 90] and boxes [1, N, 1, 4] (top, left, bottom, right; 0–1) out. Only rows that could be a phone
 * are returned.
 */
export const NANODET_SIDE_PX = 416;
/** Sides of its input are multiples of this: the stride of its coarsest layer. */
export const NANODET_STEP_PX = 32;

const MEAN_BGR = [103.53, 116.28, 123.675];
const DEVIATION_BGR = [57.375, 57.12, 58.395];
/** Each side of a box is a distribution over this many bins, in strides. */
const BINS = 11;
const CLASSES = 80;
/** 'cell phone' among NanoDet's 80 classes, and its place among coco-ssd's 90. */
const PHONE = 67;
const PHONE_IN_COCO = 76;
const COCO_CLASSES = 90;
const MIN_ROW_SCORE = 0.15;

const HEADS = [
  { stride: 8, scores: 'Identity:0', boxes: 'Identity_3:0' },
  { stride: 16, scores: 'Identity_1:0', boxes: 'Identity_4:0' },
  { stride: 32, scores: 'Identity_2:0', boxes: 'Identity_5:0' },
] as const;

export class NanoDet {
  readonly #model: GraphModel;
  readonly #inputName: string;
  readonly #innerSizes: readonly InnerSize[];

  private constructor(model: GraphModel, innerSizes: readonly InnerSize[]) {
    this.#model = model;
    this.#inputName = model.inputs[0]?.name ?? '';
    this.#innerSizes = innerSizes;
  }

  /** @param original as it was converted, with channels first and for one size. */
  static async load(original: io.ModelArtifacts): Promise<NanoDet> {
    const { artifacts, innerSizes } = forAnyInputSize(toChannelsLast(original), NANODET_SIDE_PX);
    return new NanoDet(await loadGraphModel(inMemory(artifacts)), innerSizes);
  }

  /** @param pixels [1, height, width, 3], RGB, 0–255; sides are multiples of 32. */
  async executeAsync(pixels: tf.Tensor4D): Promise<[tf.Tensor3D, tf.Tensor4D]> {
    const [, height, width] = pixels.shape;
    const input = this.#normalised(pixels);
    const sizes = this.#innerSizes.map(({ stride }) => tf.tensor1d([height / stride, width / stride], 'int32'));
    const inputs = Object.fromEntries(this.#innerSizes.map(({ name }, i) => [name, sizes[i]!]));
    const values = await valuesOf([input, ...sizes], () =>
      this.#model.execute({ ...inputs, [this.#inputName]: input }, outputNames()),
    );
    const rows = HEADS.flatMap(({ stride }, head) =>
      phoneRows(values[head * 2]!, values[head * 2 + 1]!, { stride, width, height }),
    );
    return asTensors(rows);
  }

  dispose(): void {
    this.#model.dispose();
  }

  #normalised(pixels: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => tf.div(tf.sub(tf.reverse(pixels, 3), MEAN_BGR), DEVIATION_BGR));
  }
}

function outputNames(): string[] {
  return HEADS.flatMap(({ scores, boxes }) => [scores, boxes]);
}

interface Row {
  score: number;
  /** Top, left, bottom, right; 0–1. */
  box: [number, number, number, number];
}

interface Grid {
  stride: number;
  /** Pixels of the input. */
  width: number;
  height: number;
}

function phoneRows(scores: Float32Array, sides: Float32Array, { stride, width, height }: Grid): Row[] {
  const [across, down] = [width / stride, height / stride];
  const rows: Row[] = [];
  for (let cell = 0; cell < across * down; cell++) {
    const score = scores[cell * CLASSES + PHONE]!;
    if (score < MIN_ROW_SCORE) continue;
    const x = ((cell % across) + 0.5) * stride;
    const y = (Math.floor(cell / across) + 0.5) * stride;
    const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => expectedBin(sides, cell * 4 + side) * stride);
    rows.push({
      score,
      box: [(y - top!) / height, (x - left!) / width, (y + bottom!) / height, (x + right!) / width],
    });
  }
  return rows;
}

/** Expected value of the softmax over the bins of one side. */
function expectedBin(sides: Float32Array, at: number): number {
  let total = 0;
  let weighted = 0;
  for (let bin = 0; bin < BINS; bin++) {
    const weight = Math.exp(sides[at * BINS + bin]!);
    total += weight;
    weighted += weight * bin;
  }
  return weighted / total;
}

/** coco-ssd needs at least one row; one without any score is left out by its threshold. */
function asTensors(rows: Row[]): [tf.Tensor3D, tf.Tensor4D] {
  const count = Math.max(1, rows.length);
  const scores = new Float32Array(count * COCO_CLASSES);
  const boxes = new Float32Array(count * 4);
  rows.forEach((row, i) => {
    scores[i * COCO_CLASSES + PHONE_IN_COCO] = row.score;
    boxes.set(row.box, i * 4);
  });
  return [tf.tensor3d(scores, [1, count, COCO_CLASSES]), tf.tensor4d(boxes, [1, count, 1, 4])];
}
