import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { forAnyInputSize } from '../models/any-input-size.ts';
import type { InnerSize } from '../models/any-input-size.ts';
import { toChannelsLast } from '../models/channels-last.ts';
import { nodesOf } from '../models/graph-nodes.ts';
import type { Int16Convolutions } from '../models/int16/int16-convolutions.ts';
import { inMemory } from '../models/model-loader.ts';
import { valuesOf } from '../models/tensor-values.ts';
import type { SizePx } from '../geometry/landmark.ts';
import type { ScoredBox } from './scored-box.ts';

/** Side of the square input that the weights were converted for. */
const nanodetSidePx = 416;
/** Sides of its input are multiples of this: the stride of its coarsest layer. */
export const nanodetStepPx = 32;

const meanBgr = [103.53, 116.28, 123.675] as const;
const deviationBgr = [57.375, 57.12, 58.395] as const;
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
  readonly #free: () => void;
  /** Reused: new memory of this size is slow. */
  #pixels = new Float32Array(0);

  private constructor(model: GraphModel, innerSizes: readonly InnerSize[], free: () => void) {
    this.#model = model;
    this.#inputName = model.inputs[0]?.name ?? '';
    this.#innerSizes = innerSizes;
    this.#free = free;
  }

  /**
   * @param original as it was converted, with channels first and for one size.
   * @param int16 null computes everything in float32.
   */
  static async load(original: io.ModelArtifacts, int16: Int16Convolutions | null = null): Promise<NanoDet> {
    const { artifacts, innerSizes } = forAnyInputSize(toChannelsLast(original), nanodetSidePx);
    const model = await loadGraphModel(inMemory(artifacts));
    const free = await int16?.quantiseModel(model, nodesOf(artifacts).values());
    return new NanoDet(model, innerSizes, free ?? nothing);
  }

  /**
   * @param rgba of an image; sides are multiples of 32.
   * @returns boxes whose phone score is at least `minScore`, in no order, overlapping ones included.
   */
  async detect(rgba: Uint8ClampedArray, { width, height }: SizePx, minScore: number): Promise<ScoredBox[]> {
    const length = width * height * 3;
    if (this.#pixels.length < length) this.#pixels = new Float32Array(length);
    const input = tf.tensor4d(normaliseInto(this.#pixels.subarray(0, length), rgba), [1, height, width, 3]);
    const sizes = this.#innerSizes.map(({ stride }) => tf.tensor1d([height / stride, width / stride], 'int32'));
    const inputs = Object.fromEntries(this.#innerSizes.map(({ name }, i) => [name, sizes[i]!]));
    const values = await valuesOf([input, ...sizes], () =>
      this.#model.execute({ ...inputs, [this.#inputName]: input }, outputNames()),
    );
    return headNodes.flatMap(({ stride }, head) =>
      phoneBoxes(values[head * 2]!, values[head * 2 + 1]!, { stride, width, height, minScore }),
    );
  }

  dispose(): void {
    this.#free();
    this.#model.dispose();
  }
}

const nothing = (): void => {};

/** In place of tensor operations, each of which would copy the image. @param bgr is overwritten and returned. */
const normaliseInto = (bgr: Float32Array, rgba: Uint8ClampedArray): Float32Array => {
  if (rgba.length / 4 !== bgr.length / 3) throw new Error(`${rgba.length / 4} pixels for ${bgr.length / 3}`);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    bgr[to] = (rgba[from + 2]! - meanBgr[0]) / deviationBgr[0];
    bgr[to + 1] = (rgba[from + 1]! - meanBgr[1]) / deviationBgr[1];
    bgr[to + 2] = (rgba[from]! - meanBgr[2]) / deviationBgr[2];
  }
  return bgr;
};

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
