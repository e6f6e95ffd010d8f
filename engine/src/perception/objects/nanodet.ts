import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { forAnyInputSize } from '../models/any-input-size.ts';
import type { InnerSize } from '../models/any-input-size.ts';
import { toChannelsLast } from '../models/channels-last.ts';
import { inMemory } from '../models/model-loader.ts';
import { valuesOf } from '../models/tensor-values.ts';
import type { ScoredBox } from './scored-box.ts';

/** Side of the square input that the weights were converted for. */
const nanodetSidePx = 416;
/** Sides of its input are multiples of this: the stride of its coarsest layer. */
export const nanodetStepPx = 32;

const meanBgr = [103.53, 116.28, 123.675];
const deviationBgr = [57.375, 57.12, 58.395];
/** Each side of a box is a distribution over this many bins, in strides. */
const bins = 11;
const classes = 80;
/** 'cell phone' among COCO's 80 classes. */
const phone = 67;

const headNodes = [
  { stride: 8, scores: 'Identity:0', boxes: 'Identity_3:0' },
  { stride: 16, scores: 'Identity_1:0', boxes: 'Identity_4:0' },
  { stride: 32, scores: 'Identity_2:0', boxes: 'Identity_5:0' },
] as const;

/** NanoDet-g 416 (RangiLyu/nanodet, Apache-2.0), reduced from 80 classes to the phone. */
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
    const { artifacts, innerSizes } = forAnyInputSize(toChannelsLast(original), nanodetSidePx);
    return new NanoDet(await loadGraphModel(inMemory(artifacts)), innerSizes);
  }

  /**
   * @param pixels [1, height, width, 3], RGB, 0–255; sides are multiples of 32. Disposed of.
   * @returns boxes whose phone score is at least `minScore`, in no order, overlapping ones included.
   */
  async detect(pixels: tf.Tensor4D, minScore: number): Promise<ScoredBox[]> {
    const [, height, width] = pixels.shape;
    const input = normalised(pixels);
    const sizes = this.#innerSizes.map(({ stride }) => tf.tensor1d([height / stride, width / stride], 'int32'));
    const inputs = Object.fromEntries(this.#innerSizes.map(({ name }, i) => [name, sizes[i]!]));
    const values = await valuesOf([pixels, input, ...sizes], () =>
      this.#model.execute({ ...inputs, [this.#inputName]: input }, outputNames()),
    );
    return headNodes.flatMap(({ stride }, head) =>
      phoneBoxes(values[head * 2]!, values[head * 2 + 1]!, { stride, width, height, minScore }),
    );
  }

  dispose(): void {
    this.#model.dispose();
  }
}

const normalised = (pixels: tf.Tensor4D): tf.Tensor4D =>
  tf.tidy(() => tf.div(tf.sub(tf.reverse(pixels, 3), meanBgr), deviationBgr));

const outputNames = (): string[] => headNodes.flatMap(({ scores, boxes }) => [scores, boxes]);

interface Grid {
  stride: number;
  /** Pixels of the input. */
  width: number;
  height: number;
  minScore: number;
}

const phoneBoxes = (
  scores: Float32Array,
  sides: Float32Array,
  { stride, width, height, minScore }: Grid,
): ScoredBox[] => {
  const [across, down] = [width / stride, height / stride];
  const boxes: ScoredBox[] = [];
  for (let cell = 0; cell < across * down; cell++) {
    const score = scores[cell * classes + phone]!;
    if (score < minScore) continue;
    const x = ((cell % across) + 0.5) * stride;
    const y = (Math.floor(cell / across) + 0.5) * stride;
    const [left, top, right, bottom] = [0, 1, 2, 3].map((side) => expectedBin(sides, cell * 4 + side) * stride);
    boxes.push({
      score,
      left: (x - left!) / width,
      top: (y - top!) / height,
      right: (x + right!) / width,
      bottom: (y + bottom!) / height,
    });
  }
  return boxes;
};

/** Expected value of the softmax over the bins of one side. */
const expectedBin = (sides: Float32Array, at: number): number => {
  let total = 0;
  let weighted = 0;
  for (let bin = 0; bin < bins; bin++) {
    const weight = Math.exp(sides[at * bins + bin]!);
    total += weight;
    weighted += weight * bin;
  }
  return weighted / total;
};
