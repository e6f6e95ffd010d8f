import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io } from '@tensorflow/tfjs-core';
import { gridAnchors } from '../faces/grid-anchors.ts';
import type { Anchor } from '../faces/grid-anchors.ts';
import type { FrameImage } from '../image/frame-image.ts';
import { fromSquare } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { intersectionOverUnion } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';
import { inMemory } from '../models/model-loader.ts';
import { InputSampler } from '../image/input-sampler.ts';
import { valuesOf } from '../models/tensor-values.ts';

/** A palm in camera pixels. */
export interface Palm {
  box: BoxPx;
  wrist: { x: number; y: number };
  middleKnuckle: { x: number; y: number };
  score: number;
}

const sidePx = 192;
/** Box and seven keypoints, x and y each. */
const valuesPerAnchor = 18;
/** mediapipe/modules/palm_detection/palm_detection_cpu.pbtxt: strides 8, and three times 16, two anchors each in every cell. */
const layers = [
  { cells: 24, anchors: 2 },
  { cells: 12, anchors: 6 },
];
const samePalmIou = 0.3;
const wrist = 0;
const middleKnuckle = 2;

const anchorBoxes = gridAnchors(layers);
const outputs = ['Identity', 'Identity_1'];

/** MediaPipe's palm detector. It detects some faces as palms, so each result is only a candidate for a hand. */
export class PalmDetector {
  readonly #model: GraphModel;
  readonly #sampler = new InputSampler(sidePx, { scale: 1 / 255, offset: 0 });

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  static async load(artifacts: io.ModelArtifacts): Promise<PalmDetector> {
    return new PalmDetector(await loadGraphModel(inMemory(artifacts)));
  }

  /** Palms in a square of the image, highest confidence first, without duplicates. */
  async detect(image: FrameImage, minScore: number, square: SampledSquare): Promise<Palm[]> {
    const input = tf.tensor4d(this.#sampler.sample(image, square), [1, sidePx, sidePx, 3]);
    const [codes, logits] = await valuesOf(input, () => this.#model.execute(input, outputs));
    const palms: Palm[] = [];
    anchorBoxes.forEach((anchor, i) => {
      const score = 1 / (1 + Math.exp(-logits![i]!));
      if (score < minScore) return;
      const code = codes!.subarray(i * valuesPerAnchor, (i + 1) * valuesPerAnchor);
      palms.push(decoded(code, anchor, score, square));
    });
    return distinct(palms);
  }

  dispose(): void {
    this.#model.dispose();
  }
}

const decoded = (v: Float32Array, anchor: Anchor, score: number, square: SampledSquare): Palm => {
  const point = (i: number): { x: number; y: number } =>
    fromSquare(square, v[4 + i * 2]! / sidePx + anchor.x, v[5 + i * 2]! / sidePx + anchor.y);
  const center = fromSquare(square, v[0]! / sidePx + anchor.x, v[1]! / sidePx + anchor.y);
  const width = (v[2]! / sidePx) * square.sidePx;
  const height = (v[3]! / sidePx) * square.sidePx;
  return {
    score,
    box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
    wrist: point(wrist),
    middleKnuckle: point(middleKnuckle),
  };
};

const distinct = (palms: Palm[]): Palm[] => {
  const kept: Palm[] = [];
  for (const palm of palms.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => intersectionOverUnion(other.box, palm.box) < samePalmIou)) kept.push(palm);
  }
  return kept;
};
