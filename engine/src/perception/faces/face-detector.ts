import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { fromSquare, ImageSampler } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { normalisedPixels } from '../image/pixel-tensor.ts';
import { inMemory } from '../models/model-loader.ts';
import { valuesOf } from '../models/tensor-values.ts';
import { gridAnchors } from './grid-anchors.ts';
import type { Anchor, AnchorLayer } from './grid-anchors.ts';
import { intersectionOverUnion } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

/** A face with the detector's confidence, 0–1. */
export interface DetectedFace {
  /** Camera pixels. */
  box: BoxPx;
  score: number;
  /** The region for the mesh. */
  region: SampledSquare;
}

/** One of MediaPipe's face detectors: its input size and anchor positions. */
export interface FaceDetectorKind {
  sidePx: number;
  layers: readonly AnchorLayer[];
  /** Side of the mesh's region, in sides of the box. */
  regionPerBox: number;
  /** Scores and the 16 coordinates of each anchor in two outputs, or in one, with the score first. */
  outputs: { names: readonly [coordinates: string, scores: string] } | { names: null };
}

/** BlazeFace, short range: up to about two metres (mediapipe/modules/face_detection/face_detection_short_range.pbtxt). */
export const shortRangeModel: FaceDetectorKind = {
  sidePx: 128,
  layers: [
    { cells: 16, anchors: 2 },
    { cells: 8, anchors: 6 },
  ],
  // face_landmark_front_detection_to_roi.pbtxt
  regionPerBox: 1.5,
  outputs: { names: null },
};

/**
 * Full range: up to about five metres, turned faces included
 * (mediapipe/modules/face_detection/face_detection_full_range.pbtxt).
 */
export const fullRange: FaceDetectorKind = {
  sidePx: 192,
  layers: [{ cells: 48, anchors: 1 }],
  // Its boxes are tighter than those of the short-range detector, for which the mesh was designed.
  regionPerBox: 1.85,
  outputs: { names: ['Identity', 'Identity_1'] },
};

const coordinatesPerBox = 16;
const sameFaceIou = 0.3;

/** Finds faces in squares of an image. */
export class FaceDetector {
  readonly #model: GraphModel;
  readonly #kind: FaceDetectorKind;
  readonly #anchors: readonly Anchor[];
  readonly #sampler: ImageSampler;

  private constructor(model: GraphModel, kind: FaceDetectorKind) {
    this.#model = model;
    this.#kind = kind;
    this.#anchors = gridAnchors(kind.layers);
    this.#sampler = new ImageSampler(kind.sidePx);
  }

  static async load(artifacts: io.ModelArtifacts, kind: FaceDetectorKind): Promise<FaceDetector> {
    return new FaceDetector(await loadGraphModel(inMemory(artifacts)), kind);
  }

  /** Faces in an upright square of the image, without duplicates, highest confidence first. */
  async detect(image: CanvasImageSource, square: SampledSquare, minScore: number): Promise<DetectedFace[]> {
    const { sidePx, regionPerBox, outputs } = this.#kind;
    const input = normalisedPixels(this.#sampler.sample(image, square), sidePx, { scale: 2 / 255, offset: -1 });
    const values = await valuesOf(input, () =>
      outputs.names === null ? this.#model.execute(input) : this.#model.execute(input, [...outputs.names]),
    );
    const minLogit = Math.log(minScore / (1 - minScore));
    const found: DetectedFace[] = [];
    this.#anchors.forEach((anchor, i) => {
      const { logit, code } = this.#row(values, i);
      if (logit < minLogit) return;
      found.push(decoded(code, anchor, { score: 1 / (1 + Math.exp(-logit)), sidePx, regionPerBox, square }));
    });
    return distinct(found);
  }

  dispose(): void {
    this.#model.dispose();
  }

  #row(values: readonly Float32Array[], i: number): { logit: number; code: Float32Array } {
    const [first = new Float32Array(), second] = values;
    if (second !== undefined)
      return { logit: second[i]!, code: first.subarray(i * coordinatesPerBox, (i + 1) * coordinatesPerBox) };
    const at = i * (coordinatesPerBox + 1);
    return { logit: first[at]!, code: first.subarray(at + 1, at + 1 + coordinatesPerBox) };
  }
}

/** @param code offsets from the anchor in input pixels: centre, size, then six points, the right and the left eye first. */
const decoded = (
  code: Float32Array,
  anchor: Anchor,
  {
    score,
    sidePx,
    regionPerBox,
    square,
  }: { score: number; sidePx: number; regionPerBox: number; square: SampledSquare },
): DetectedFace => {
  const point = (at: number) => fromSquare(square, code[at]! / sidePx + anchor.x, code[at + 1]! / sidePx + anchor.y);
  const center = point(0);
  const width = (code[2]! / sidePx) * square.sidePx;
  const height = (code[3]! / sidePx) * square.sidePx;
  const [rightEye, leftEye] = [point(4), point(6)];
  return {
    score,
    box: { x: center.x - width / 2, y: center.y - height / 2, width, height },
    region: {
      centerX: center.x,
      centerY: center.y,
      sidePx: Math.max(width, height) * regionPerBox,
      rotationRad: Math.atan2(leftEye.y - rightEye.y, leftEye.x - rightEye.x),
    },
  };
};

const distinct = (faces: DetectedFace[]): DetectedFace[] => {
  const kept: DetectedFace[] = [];
  for (const face of faces.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => intersectionOverUnion(other.box, face.box) < sameFaceIou)) kept.push(face);
  }
  return kept;
};
