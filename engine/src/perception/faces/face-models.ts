import type { io } from '@tensorflow/tfjs-core';
import type { FrameImage } from '../image/frame-image.ts';
import { fromSquare, squareAround } from '../image/image-sampler.ts';
import type { SampledSquare } from '../image/image-sampler.ts';
import { InputSampler } from '../image/input-sampler.ts';
import { AttentionMesh } from './attention-mesh.ts';
import { FaceDetector, fullRange, shortRangeModel } from './face-detector.ts';
import type { DetectedFace } from './face-detector.ts';
import type { Landmark } from '../geometry/landmark.ts';
import { PackageMesh } from './package-mesh.ts';
import { meshSidePx, PlainMesh } from './plain-mesh.ts';
import type { MeshOutput } from './plain-mesh.ts';

export interface MeshedFace {
  landmarks: Landmark[];
  /** The mesh's own confidence that this is a face, 0–1. */
  presence: number;
}

export interface FaceArtifacts {
  shortRange: io.ModelArtifacts;
  fullRange: io.ModelArtifacts;
  mesh: io.ModelArtifacts;
  meshWithIrises: io.ModelArtifacts;
}

export type FaceRange = 'short' | 'full';

interface Mesh {
  run(pixels: Float32Array): Promise<MeshOutput>;
  dispose(): void;
}

/** Below this the mesh has been fitted to something other than a face. */
const lowestPresence = 0.5;
/** The next region is this many times as large as the landmarks (mediapipe face_landmark_landmarks_to_roi.pbtxt). */
const regionPerLandmarks = 1.5;
/** Outer corners of the eyes, which give the rotation of the region. */
const eyeCorners = [33, 263] as const;

/** Both face detectors and both meshes. */
export class FaceModels {
  readonly #detectors: Record<FaceRange, FaceDetector>;
  readonly #plain: Mesh;
  readonly #withIrises: Mesh;
  readonly #meshSampler = new InputSampler(meshSidePx, { scale: 1 / 255, offset: 0 });

  private constructor(detectors: Record<FaceRange, FaceDetector>, plain: Mesh, withIrises: Mesh) {
    this.#detectors = detectors;
    this.#plain = plain;
    this.#withIrises = withIrises;
  }

  static async load(artifacts: FaceArtifacts): Promise<FaceModels> {
    const detectors = {
      short: await FaceDetector.load(artifacts.shortRange, shortRangeModel),
      full: await FaceDetector.load(artifacts.fullRange, fullRange),
    };
    const plain = await PlainMesh.load(artifacts.mesh);
    return new FaceModels(detectors, plain, await meshWithIrises(artifacts));
  }

  /** Faces in an upright square of the image, highest confidence first, all in camera pixels. */
  async detect(image: FrameImage, square: SampledSquare, range: FaceRange, minScore: number): Promise<DetectedFace[]> {
    return this.#detectors[range].detect(image, square, minScore);
  }

  /** The first run of each model prepares its weights, which takes longer than any later one. */
  async warmUp(image: FrameImage): Promise<void> {
    const square = squareAround(image, 0);
    for (const range of ['short', 'full'] as const) await this.detect(image, square, range, 0.5);
    for (const withIrises of [false, true]) await this.mesh(image, square, withIrises);
  }

  /** @returns null if the mesh finds no face there; otherwise camera pixels. */
  async mesh(image: FrameImage, region: SampledSquare, withIrises: boolean): Promise<MeshedFace | null> {
    const pixels = this.#meshSampler.sample(image, region);
    const { presence, points } = await (withIrises ? this.#withIrises : this.#plain).run(pixels);
    if (presence < lowestPresence) return null;
    const landmarks = Array.from({ length: points.length / 3 }, (_, i) => ({
      ...fromSquare(region, points[i * 3]! / meshSidePx, points[i * 3 + 1]! / meshSidePx),
      z: (points[i * 3 + 2]! / meshSidePx) * region.sidePx,
    }));
    return { landmarks, presence };
  }

  dispose(): void {
    for (const model of [this.#detectors.short, this.#detectors.full, this.#plain, this.#withIrises]) model.dispose();
  }
}

/** The region for the same face in the next image. */
export const nextRegion = (landmarks: readonly Landmark[]): SampledSquare => {
  const xs = landmarks.map(({ x }) => x);
  const ys = landmarks.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [from, to] = [landmarks[eyeCorners[0]]!, landmarks[eyeCorners[1]]!];
  return {
    centerX: (left + right) / 2,
    centerY: (top + bottom) / 2,
    sidePx: Math.max(right - left, bottom - top) * regionPerLandmarks,
    rotationRad: Math.atan2(to.y - from.y, to.x - from.x),
  };
};

/** An operator's own weights may have another graph; the package can run any of them. */
const meshWithIrises = async ({ shortRange, meshWithIrises: mesh }: FaceArtifacts): Promise<Mesh> => {
  try {
    return await AttentionMesh.load(mesh);
  } catch {
    return PackageMesh.load(shortRange, mesh);
  }
};
