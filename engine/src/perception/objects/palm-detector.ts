import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { gridAnchors, type Anchor } from '../faces/grid-anchors.ts';
import { fromSquare, ImageSampler, squareAround, type SampledSquare } from '../image/image-sampler.ts';
import { intersectionOverUnion, type BoxPx, type SizePx } from '../geometry/landmark.ts';
import { inMemory } from '../models/model-loader.ts';
import { normalisedPixels } from '../image/pixel-tensor.ts';
import { valuesOf } from '../models/tensor-values.ts';

/** A palm in camera pixels. */
export interface Palm {
  box: BoxPx;
  wrist: { x: number; y: number };
  middleKnuckle: { x: number; y: number };
  score: number;
}

const SIDE_PX = 192;
/** Box and seven keypoints, x and y each. */
const VALUES_PER_ANCHOR = 18;
/** mediapipe/modules/palm_detection/palm_detection_cpu.pbtxt: strides 8, and three times 16, two anchors each in every cell. */
const LAYERS = [
  { cells: 24, anchors: 2 },
  { cells: 12, anchors: 6 },
];
const SAME_PALM_IOU = 0.3;
const WRIST = 0;
const MIDDLE_KNUCKLE = 2;

const ANCHORS = gridAnchors(LAYERS);
const OUTPUTS = ['Identity', 'Identity_1'];

/** MediaPipe's palm detector. It takes some faces for palms: what it finds is only a place to look for a hand. */
export class PalmDetector {
  readonly #model: GraphModel;
  readonly #sampler = new ImageSampler(SIDE_PX);

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  static async load(artifacts: io.ModelArtifacts): Promise<PalmDetector> {
    return new PalmDetector(await loadGraphModel(inMemory(artifacts)));
  }

  /** Surest first, each palm once. */
  async detect(image: CanvasImageSource & SizePx, minScore: number, square = squareAround(image, 0)): Promise<Palm[]> {
    const input = normalisedPixels(this.#sampler.sample(image, square), SIDE_PX, { scale: 1 / 255, offset: 0 });
    const [codes, logits] = await valuesOf(input, () => this.#model.execute(input, OUTPUTS));
    const palms: Palm[] = [];
    ANCHORS.forEach((anchor, i) => {
      const score = 1 / (1 + Math.exp(-logits![i]!));
      if (score < minScore) return;
      const code = codes!.subarray(i * VALUES_PER_ANCHOR, (i + 1) * VALUES_PER_ANCHOR);
      palms.push(decoded(code, anchor, score, square));
    });
    return distinct(palms);
  }

  dispose(): void {
    this.#model.dispose();
  }
}

function decoded(v: Float32Array, anchor: Anchor, score: number, square: SampledSquare): Palm {
  const point = (i: number): { x: number; y: number } =>
    fromSquare(square, v[4 + i * 2]! / SIDE_PX + anchor.x, v[5 + i * 2]! / SIDE_PX + anchor.y);
  const center = fromSquare(square, v[0]! / SIDE_PX + anchor.x, v[1]! / SIDE_PX + anchor.y);
  const width = (v[2]! / SIDE_PX) * square.sidePx;
  const height = (v[3]! / SIDE_PX) * square.sidePx;
  return {
    score,
    box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
    wrist: point(WRIST),
    middleKnuckle: point(MIDDLE_KNUCKLE),
  };
}

function distinct(palms: Palm[]): Palm[] {
  const kept: Palm[] = [];
  for (const palm of palms.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => intersectionOverUnion(other.box, palm.box) < SAME_PALM_IOU)) kept.push(palm);
  }
  return kept;
}
