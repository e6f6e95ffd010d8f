import { createDetector, SupportedModels } from '@tensorflow-models/face-landmarks-detection';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { io, Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import { inMemory } from '../models/model-loader.ts';
import type { Landmark } from '../geometry/landmark.ts';
import { meshSidePx } from './plain-mesh.ts';
import type { MeshOutput } from './plain-mesh.ts';

/**
 * The steps of the package's pipeline. Its published type exposes only the whole pipeline; the version is pinned
 * because of this.
 */
interface PackagePipeline {
  detector: { dispose(): void };
  landmarkModel: Pick<GraphModel, 'execute' | 'dispose'>;
  faceLandmark(region: typeof wholeInput, image: Tensor3D): Promise<Landmark[] | null>;
}

/** The package receives the part of the image that it would otherwise crop itself. */
const wholeInput = { xCenter: 0.5, yCenter: 0.5, width: 1, height: 1, rotation: 0 };

/** The 478-point mesh as @tensorflow-models/face-landmarks-detection runs it: for weights that `AttentionMesh` does not know. */
export class PackageMesh {
  readonly #pipeline: PackagePipeline;
  #presence = 0;

  private constructor(pipeline: PackagePipeline) {
    this.#pipeline = pipeline;
    this.#watchPresence(pipeline.landmarkModel);
  }

  static async load(detector: io.ModelArtifacts, mesh: io.ModelArtifacts): Promise<PackageMesh> {
    const pipeline = (await createDetector(SupportedModels.MediaPipeFaceMesh, {
      runtime: 'tfjs',
      maxFaces: 1,
      refineLandmarks: true,
      detectorModelUrl: inMemory(detector),
      landmarkModelUrl: inMemory(mesh),
    })) as unknown as PackagePipeline;
    pipeline.detector.dispose();
    return new PackageMesh(pipeline);
  }

  /** @param pixels of the square: red, green and blue, 0–1. */
  async run(pixels: Float32Array): Promise<MeshOutput> {
    const image = tf.tidy(() =>
      tf.cast(tf.mul(tf.tensor3d(pixels, [meshSidePx, meshSidePx, 3]), 255), 'int32'),
    ) as Tensor3D;
    const landmarks = await this.#pipeline.faceLandmark(wholeInput, image).finally(() => tf.dispose(image));
    const points = (landmarks ?? []).flatMap(({ x, y, z }) => [x * meshSidePx, y * meshSidePx, z * meshSidePx]);
    return { presence: this.#presence, points: Float32Array.from(points) };
  }

  dispose(): void {
    this.#pipeline.landmarkModel.dispose();
  }

  /** The package reads the mesh's confidence, compares it with 0.5 and drops it. */
  #watchPresence(model: PackagePipeline['landmarkModel']): void {
    const execute = model.execute.bind(model);
    model.execute = (...args) => {
      const outputs = execute(...args) as Tensor[];
      this.#presence = outputs[0]?.dataSync()[0] ?? 0;
      return outputs;
    };
  }
}
