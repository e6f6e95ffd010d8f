import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { loadFused } from '../models/fused-model.ts';
import { nodesOf } from '../models/graph-nodes.ts';
import type { Nodes } from '../models/graph-nodes.ts';
import { partOf } from '../models/graph-part.ts';
import type { Int16Convolutions } from '../models/int16/int16-convolutions.ts';
import { valuesOf } from '../models/tensor-values.ts';
import { WeightTable } from '../models/weight-table.ts';
import { normaliseInto } from '../image/input-sampler.ts';
import type { ScoredBox } from './scored-box.ts';

/** Side of the square that the model reads: the whole image, stretched. */
export const cocoSsdSidePx = 300;

const firstNode = 'Preprocessor/sub';
const normalisation = { scale: 1 / 127.5, offset: -1 };
const inputShape = [1, cocoSsdSidePx, cocoSsdSidePx, 3] as const;
const predictors = [0, 1, 2, 3, 4, 5] as const;
const anchorBoxes = 'Postprocessor/ExpandDims';
/** Background and 90 classes; 77 is COCO's 'cell phone'. */
const classes = 91;
const phone = 77;
/** Scales of the box coder of the TensorFlow object detection API (faster_rcnn_box_coder): centre and size. */
const centerScale = 10;
const sizeScale = 5;

/**
 * The official coco-ssd weights (lite_mobilenet_v2), reduced to the phone's column. `ObjectDetection.detect` of the
 * package drops every box under its threshold and every phone that looks more like a remote control; finding suspects
 * must do neither.
 */
export class CocoSsd {
  readonly #model: GraphModel;
  /** Centre and size of each anchor: y, x, height, width. */
  readonly #anchors: Float32Array;
  readonly #pixels = new Float32Array(cocoSsdSidePx * cocoSsdSidePx * 3);
  readonly #free: () => void;

  private constructor(model: GraphModel, anchors: Float32Array, free: () => void) {
    this.#model = model;
    this.#anchors = anchors;
    this.#free = free;
  }

  /**
   * @param int16 null computes everything in float32.
   * @throws Error if the graph is not that of lite_mobilenet_v2.
   */
  static async load(artifacts: io.ModelArtifacts, int16: Int16Convolutions | null = null): Promise<CocoSsd> {
    const weights = new WeightTable(artifacts);
    const anchors = centersAndSizes(weights.get(anchorBoxes).values);
    // From the normalised image to the predictors: omits the loop that scales images and the decoding of boxes.
    const nodes = partOf(nodesOf(artifacts), outputNames(), new Map([[firstNode, inputShape]]));
    keepPhoneColumn(nodes, weights);
    const { modelTopology } = artifacts;
    const model = await loadFused({ modelTopology: modelTopology as object }, nodes, weights);
    const free = await int16?.quantiseModel(model, nodes.values());
    return new CocoSsd(model, anchors, free ?? nothing);
  }

  /**
   * @param rgba of a square of `cocoSsdSidePx`, into which the image was stretched.
   * @returns boxes whose phone score is at least `minScore`, in no order, overlapping ones included.
   */
  async detect(rgba: Uint8ClampedArray, minScore: number): Promise<ScoredBox[]> {
    const input = tf.tensor4d(normaliseInto(this.#pixels, rgba, normalisation), [...inputShape]);
    const values = await valuesOf(input, () => this.#model.execute({ [firstNode]: input }, outputNames()));
    const minLogit = Math.log(minScore / (1 - minScore));
    const found: ScoredBox[] = [];
    let first = 0;
    for (const predictor of predictors) {
      const logits = values[predictor * 2]!;
      const boxes = values[predictor * 2 + 1]!;
      logits.forEach((logit, i) => {
        if (logit < minLogit) return;
        found.push({ ...this.#box(first + i, boxes.subarray(i * 4, i * 4 + 4)), score: 1 / (1 + Math.exp(-logit)) });
      });
      first += logits.length;
    }
    return found;
  }

  dispose(): void {
    this.#free();
    this.#model.dispose();
  }

  #box(anchor: number, code: Float32Array): Omit<ScoredBox, 'score'> {
    const [y, x, height, width] = this.#anchors.subarray(anchor * 4, anchor * 4 + 4);
    const centerY = y! + (code[0]! / centerScale) * height!;
    const centerX = x! + (code[1]! / centerScale) * width!;
    const halfHeight = (Math.exp(code[2]! / sizeScale) * height!) / 2;
    const halfWidth = (Math.exp(code[3]! / sizeScale) * width!) / 2;
    return {
      left: centerX - halfWidth,
      top: centerY - halfHeight,
      right: centerX + halfWidth,
      bottom: centerY + halfHeight,
    };
  }
}

const nothing = (): void => {};

const outputNames = (): string[] =>
  predictors.flatMap((i) => [
    `BoxPredictor_${i}/ClassPredictor/BiasAdd`,
    `BoxPredictor_${i}/BoxEncodingPredictor/BiasAdd`,
  ]);

/** @param corners top, left, bottom, right of each anchor. */
const centersAndSizes = (corners: ArrayLike<number>): Float32Array => {
  const anchors = new Float32Array(corners.length);
  for (let at = 0; at < corners.length; at += 4) {
    const [top, left, bottom, right] = [corners[at]!, corners[at + 1]!, corners[at + 2]!, corners[at + 3]!];
    anchors.set([(top + bottom) / 2, (left + right) / 2, bottom - top, right - left], at);
  }
  return anchors;
};

const keepPhoneColumn = (nodes: Nodes, weights: WeightTable): void => {
  for (const predictor of predictors) {
    for (const [node, place] of [
      [`BoxPredictor_${predictor}/ClassPredictor/Conv2D`, 1],
      [`BoxPredictor_${predictor}/ClassPredictor/BiasAdd`, 1],
    ] as const) {
      const name = nodes.get(node)?.input?.[place] ?? '';
      const { shape, values } = weights.get(name);
      const phones = values.filter((_, i) => i % classes === phone);
      weights.set(name, { shape: [...shape.slice(0, -1), shape.at(-1)! / classes], values: Float32Array.from(phones) });
    }
  }
};
