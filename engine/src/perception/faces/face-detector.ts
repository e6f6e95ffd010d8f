import type { io } from '@tensorflow/tfjs-core';
import type { FrameImage } from '../image/frame-image.ts';
import { fromSquare } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { InputSampler } from '../image/input-sampler.ts';
import { FixedGraph } from '../models/fixed-graph.ts';
import { loadFused } from '../models/fused-model.ts';
import { nodesOf, sourceOf } from '../models/graph-nodes.ts';
import { partOf } from '../models/graph-part.ts';
import { WeightTable } from '../models/weight-table.ts';
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
  /** Nodes with the scores of each layer, and with 16 coordinates of each anchor. */
  scores: readonly string[];
  coordinates: readonly string[];
  /** Whether it runs so often that repeating recorded kernel calls is worth their memory. */
  isRecorded: boolean;
}

const layerNodes = (head: string): string[] =>
  [8, 16].map((stride) => `StatefulPartitionedCall/model/${head}_${stride}/BiasAdd`);

/** BlazeFace, short range: up to about two metres (mediapipe/modules/face_detection/face_detection_short_range.pbtxt). */
export const shortRangeModel: FaceDetectorKind = {
  sidePx: 128,
  layers: [
    { cells: 16, anchors: 2 },
    { cells: 8, anchors: 6 },
  ],
  // face_landmark_front_detection_to_roi.pbtxt
  regionPerBox: 1.5,
  scores: layerNodes('classificator'),
  coordinates: layerNodes('regressor'),
  isRecorded: true,
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
  scores: ['Identity_1'],
  coordinates: ['Identity'],
  // It would save a millisecond a second and hold 34 MB.
  isRecorded: false,
};

const coordinatesPerBox = 16;
const sameFaceIou = 0.3;

/** Finds faces in squares of an image. */
export class FaceDetector {
  readonly #graph: FixedGraph;
  readonly #kind: FaceDetectorKind;
  readonly #anchors: readonly Anchor[];
  readonly #sampler: InputSampler;

  private constructor(graph: FixedGraph, kind: FaceDetectorKind) {
    this.#graph = graph;
    this.#kind = kind;
    this.#anchors = gridAnchors(kind.layers);
    this.#sampler = new InputSampler(kind.sidePx, { scale: 2 / 255, offset: -1 });
  }

  /** @throws Error if the graph is not that of this detector. */
  static async load(artifacts: io.ModelArtifacts, kind: FaceDetectorKind): Promise<FaceDetector> {
    const { sidePx, scores, coordinates } = kind;
    const nodes = nodesOf(artifacts);
    const outputs = [...scores, ...coordinates].map((name) => sourceOf(nodes, name));
    const inputs = new Map([['input', [1, sidePx, sidePx, 3]]]);
    const topology = { modelTopology: artifacts.modelTopology as object };
    const model = await loadFused(topology, partOf(nodes, outputs, inputs), new WeightTable(artifacts));
    return new FaceDetector(new FixedGraph(model, inputs, outputs, kind.isRecorded), kind);
  }

  /** Faces in an upright square of the image, without duplicates, highest confidence first. */
  async detect(image: FrameImage, square: SampledSquare, minScore: number): Promise<DetectedFace[]> {
    const { sidePx, regionPerBox, scores } = this.#kind;
    const values = await this.#graph.run([this.#sampler.sample(image, square)]);
    const minLogit = Math.log(minScore / (1 - minScore));
    const found: DetectedFace[] = [];
    let anchors = 0;
    for (const [layer, logits] of values.slice(0, scores.length).entries()) {
      const codes = values[scores.length + layer]!;
      for (const [i, logit] of logits.entries()) {
        if (logit < minLogit) continue;
        const code = codes.subarray(i * coordinatesPerBox, (i + 1) * coordinatesPerBox);
        const score = 1 / (1 + Math.exp(-logit));
        found.push(decoded(code, this.#anchors[anchors + i]!, { score, sidePx, regionPerBox, square }));
      }
      anchors += logits.length;
    }
    return distinct(found);
  }

  dispose(): void {
    this.#graph.dispose();
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
