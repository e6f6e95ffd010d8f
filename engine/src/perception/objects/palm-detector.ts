import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { withDepthToSpace } from '../models/depth-to-space.ts';
import { fromSquare, ImageSampler, squareAround, type SampledSquare } from '../image/image-sampler.ts';
import { intersectionOverUnion, type BoxPx, type SizePx } from '../faces/landmark.ts';
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

const SIDE_PX = 256;
const VALUES_PER_ANCHOR = 19;
/** Anchors of MediaPipe's palm detector: strides 8, 16 and three times 32, two anchors each in every cell. */
const LAYERS = [
  { cells: 32, anchors: 2 },
  { cells: 16, anchors: 2 },
  { cells: 8, anchors: 6 },
];
const SAME_PALM_IOU = 0.3;
const WRIST = 0;
const MIDDLE_KNUCKLE = 2;

const ANCHORS = LAYERS.flatMap(({ cells, anchors }) =>
  Array.from({ length: cells * cells * anchors }, (_, i) => {
    const cell = Math.floor(i / anchors);
    return { x: ((cell % cells) + 0.5) / cells, y: (Math.floor(cell / cells) + 0.5) / cells };
  }),
);

/** MediaPipe's palm detector. It takes some faces for palms: what it finds is only a place to look for a hand. */
export class PalmDetector {
  readonly #model: GraphModel;
  readonly #sampler = new ImageSampler(SIDE_PX);

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  static async load(artifacts: io.ModelArtifacts): Promise<PalmDetector> {
    return new PalmDetector(await loadGraphModel(inMemory(withDepthToSpace(artifacts))));
  }

  /** Surest first, each palm once. */
  async detect(image: CanvasImageSource & SizePx, minScore: number, square = squareAround(image, 0)): Promise<Palm[]> {
    const input = normalisedPixels(this.#sampler.sample(image, square), SIDE_PX, { scale: 2 / 255, offset: -1 });
    const [values = new Float32Array()] = await valuesOf(input, () => this.#model.execute(input));
    const palms: Palm[] = [];
    ANCHORS.forEach((anchor, i) => {
      const at = i * VALUES_PER_ANCHOR;
      const score = 1 / (1 + Math.exp(-values[at]!));
      if (score >= minScore) palms.push(decoded(values.subarray(at, at + VALUES_PER_ANCHOR), anchor, score, square));
    });
    return distinct(palms);
  }

  dispose(): void {
    this.#model.dispose();
  }
}

function decoded(v: Float32Array, anchor: { x: number; y: number }, score: number, square: SampledSquare): Palm {
  const point = (i: number): { x: number; y: number } =>
    fromSquare(square, v[5 + i * 2]! / SIDE_PX + anchor.x, v[6 + i * 2]! / SIDE_PX + anchor.y);
  const center = fromSquare(square, v[1]! / SIDE_PX + anchor.x, v[2]! / SIDE_PX + anchor.y);
  const width = (v[3]! / SIDE_PX) * square.sidePx;
  const height = (v[4]! / SIDE_PX) * square.sidePx;
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
