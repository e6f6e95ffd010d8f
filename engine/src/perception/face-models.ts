import { createDetector, SupportedModels } from '@tensorflow-models/face-landmarks-detection';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { BoxPx, Landmark, SizePx } from './landmark.ts';
import { inMemory } from './model-loader.ts';

/** A face box with the detector's certainty, 0–1, in the coordinates of the picture that it was found in. */
export interface DetectedFace {
  box: BoxPx;
  score: number;
  region: FaceRegion;
}

/** Where the mesh looks: normalised centre and size, and a rotation in radians. */
export interface FaceRegion {
  xCenter: number;
  yCenter: number;
  width: number;
  height: number;
  rotation?: number;
}

export interface MeshedFace {
  landmarks: Landmark[];
  /** The mesh's own certainty that this is a face, 0–1. */
  presence: number;
}

interface PackageDetection {
  score?: number[];
  locationData: { relativeBoundingBox?: { xMin: number; yMin: number; width: number; height: number } };
}

/**
 * The steps of the package's pipeline. Its published type offers only the whole of it, without scores, without pictures cut
 * into tiles and with irises either always or never; the version is pinned because of this.
 */
interface PackagePipeline {
  detector: { detectFaces(image: Tensor3D, flipHorizontal: boolean): Promise<PackageDetection[]>; dispose(): void };
  landmarkModel: Pick<GraphModel, 'execute' | 'dispose'>;
  faceLandmark(region: FaceRegion, image: Tensor3D): Promise<Landmark[] | null>;
  faceDetectionFrontDetectionToRoi(detection: PackageDetection, image: SizePx): FaceRegion;
  faceLandmarksToRoi(landmarks: Landmark[], image: SizePx): FaceRegion;
  dispose(): void;
}

export interface FaceArtifacts {
  detector: io.ModelArtifacts;
  mesh: io.ModelArtifacts;
  meshWithIrises: io.ModelArtifacts;
}

/** Face detector and both meshes, by @tensorflow-models/face-landmarks-detection. */
export class FaceModels {
  readonly #plain: PackagePipeline;
  readonly #withIrises: PackagePipeline;
  #presence = 0;

  private constructor(plain: PackagePipeline, withIrises: PackagePipeline) {
    this.#plain = plain;
    this.#withIrises = withIrises;
    for (const pipeline of [plain, withIrises]) this.#watchPresence(pipeline);
  }

  static async load(artifacts: FaceArtifacts, maxFaces: number): Promise<FaceModels> {
    const pipeline = async (mesh: io.ModelArtifacts, refineLandmarks: boolean): Promise<PackagePipeline> =>
      (await createDetector(SupportedModels.MediaPipeFaceMesh, {
        runtime: 'tfjs',
        maxFaces,
        refineLandmarks,
        detectorModelUrl: inMemory(artifacts.detector),
        landmarkModelUrl: inMemory(mesh),
      })) as unknown as PackagePipeline;
    const plain = await pipeline(artifacts.mesh, false);
    const withIrises = await pipeline(artifacts.meshWithIrises, true);
    withIrises.detector.dispose();
    return new FaceModels(plain, withIrises);
  }

  async detect(image: Tensor3D): Promise<DetectedFace[]> {
    const [height, width] = image.shape;
    const found = await this.#plain.detector.detectFaces(image, false);
    return found.flatMap((detection) => {
      const box = detection.locationData.relativeBoundingBox;
      if (box === undefined) return [];
      return {
        box: { x: box.xMin * width, y: box.yMin * height, width: box.width * width, height: box.height * height },
        score: detection.score?.[0] ?? 0,
        region: this.#plain.faceDetectionFrontDetectionToRoi(detection, { width, height }),
      };
    });
  }

  /** The first run of each model prepares its weights, which takes longer than any later one. */
  async warmUp(image: Tensor3D): Promise<void> {
    const middle = { xCenter: 0.5, yCenter: 0.5, width: 0.5, height: 0.5, rotation: 0 };
    await this.detect(image);
    for (const withIrises of [false, true]) await this.mesh(middle, image, withIrises);
  }

  /** @returns null when the mesh sees no face there. */
  async mesh(region: FaceRegion, image: Tensor3D, withIrises: boolean): Promise<MeshedFace | null> {
    const [height, width] = image.shape;
    const found = await (withIrises ? this.#withIrises : this.#plain).faceLandmark(region, image);
    if (found === null) return null;
    const landmarks = found.map((p) => ({ x: p.x * width, y: p.y * height, z: p.z * width }));
    return { landmarks, presence: this.#presence };
  }

  /** Where to look for the same face in the next image. */
  nextRegion(landmarks: readonly Landmark[], { width, height }: SizePx): FaceRegion {
    const normalised = landmarks.map((p) => ({ x: p.x / width, y: p.y / height, z: p.z / width }));
    return this.#plain.faceLandmarksToRoi(normalised, { width, height });
  }

  dispose(): void {
    this.#plain.dispose();
    this.#withIrises.landmarkModel.dispose();
  }

  /** The package reads the mesh's certainty, compares it with 0.5 and drops it. */
  #watchPresence(pipeline: PackagePipeline): void {
    const model = pipeline.landmarkModel;
    const execute = model.execute.bind(model);
    model.execute = (...args) => {
      const outputs = execute(...args) as Tensor[];
      this.#presence = outputs[0]?.dataSync()[0] ?? 0;
      return outputs;
    };
  }
}
