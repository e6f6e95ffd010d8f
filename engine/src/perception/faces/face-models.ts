import { createDetector, SupportedModels } from '@tensorflow-models/face-landmarks-detection';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { fromSquare, ImageSampler, squareAround, type SampledSquare } from '../image/image-sampler.ts';
import type { BoxPx, Landmark, SizePx } from './landmark.ts';
import { inMemory } from '../models/model-loader.ts';
import { wholePixels } from '../image/pixel-tensor.ts';

/** A face with the detector's certainty, 0–1. */
export interface DetectedFace {
  box: BoxPx;
  score: number;
  /** Where the mesh looks. */
  region: SampledSquare;
}

export interface MeshedFace {
  landmarks: Landmark[];
  /** The mesh's own certainty that this is a face, 0–1. */
  presence: number;
}

/** Normalised centre and size, and a rotation in radians. */
interface PackageRegion {
  xCenter: number;
  yCenter: number;
  width: number;
  height: number;
  rotation?: number;
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
  faceLandmark(region: PackageRegion, image: Tensor3D): Promise<Landmark[] | null>;
  faceDetectionFrontDetectionToRoi(detection: PackageDetection, image: SizePx): PackageRegion;
  faceLandmarksToRoi(landmarks: Landmark[], image: SizePx): PackageRegion;
  dispose(): void;
}

export interface FaceArtifacts {
  detector: io.ModelArtifacts;
  mesh: io.ModelArtifacts;
  meshWithIrises: io.ModelArtifacts;
}

const DETECTOR_SIDE_PX = 128;
const MESH_SIDE_PX = 192;
/** The package is given the part of the picture that it would cut out itself, already cut out: that is twice as fast. */
const ALL_OF_IT: PackageRegion = { xCenter: 0.5, yCenter: 0.5, width: 1, height: 1, rotation: 0 };

/** Face detector and both meshes, by @tensorflow-models/face-landmarks-detection. */
export class FaceModels {
  readonly #plain: PackagePipeline;
  readonly #withIrises: PackagePipeline;
  readonly #detectorSampler = new ImageSampler(DETECTOR_SIDE_PX);
  readonly #meshSampler = new ImageSampler(MESH_SIDE_PX);
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

  /** Faces in an upright square of the image, all in camera pixels. */
  async detect(image: CanvasImageSource, square: SampledSquare): Promise<DetectedFace[]> {
    const pixels = wholePixels(this.#detectorSampler.sample(image, square), DETECTOR_SIDE_PX);
    const found = await this.#plain.detector.detectFaces(pixels, false).finally(() => pixels.dispose());
    const size = { width: DETECTOR_SIDE_PX, height: DETECTOR_SIDE_PX };
    return found.flatMap((detection) => {
      const box = detection.locationData.relativeBoundingBox;
      if (box === undefined) return [];
      const corner = fromSquare(square, box.xMin, box.yMin);
      const region = this.#plain.faceDetectionFrontDetectionToRoi(detection, size);
      const center = fromSquare(square, region.xCenter, region.yCenter);
      return {
        box: { ...corner, width: box.width * square.sidePx, height: box.height * square.sidePx },
        score: detection.score?.[0] ?? 0,
        region: squareOf(center, region.width * square.sidePx, region),
      };
    });
  }

  /** The first run of each model prepares its weights, which takes longer than any later one. */
  async warmUp(image: CanvasImageSource & SizePx): Promise<void> {
    const square = squareAround(image, 0);
    await this.detect(image, square);
    for (const withIrises of [false, true]) await this.mesh(image, square, withIrises);
  }

  /** @returns null when the mesh sees no face there; otherwise camera pixels. */
  async mesh(image: CanvasImageSource, region: SampledSquare, withIrises: boolean): Promise<MeshedFace | null> {
    const pixels = wholePixels(this.#meshSampler.sample(image, region), MESH_SIDE_PX);
    const pipeline = withIrises ? this.#withIrises : this.#plain;
    const found = await pipeline.faceLandmark(ALL_OF_IT, pixels).finally(() => pixels.dispose());
    if (found === null) return null;
    const landmarks = found.map((p) => ({ ...fromSquare(region, p.x, p.y), z: p.z * region.sidePx }));
    return { landmarks, presence: this.#presence };
  }

  /** Where to look for the same face in the next image. */
  nextRegion(landmarks: readonly Landmark[], { width, height }: SizePx): SampledSquare {
    const normalised = landmarks.map((p) => ({ x: p.x / width, y: p.y / height, z: p.z / width }));
    const region = this.#plain.faceLandmarksToRoi(normalised, { width, height });
    const center = { x: region.xCenter * width, y: region.yCenter * height };
    return squareOf(center, region.width * width, region);
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

function squareOf(center: { x: number; y: number }, sidePx: number, { rotation = 0 }: PackageRegion): SampledSquare {
  return { centerX: center.x, centerY: center.y, sidePx, rotationRad: rotation };
}
