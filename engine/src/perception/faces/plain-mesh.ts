import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { loadFusedModel } from '../models/fused-model.ts';
import { valuesOf } from '../models/tensor-values.ts';

export interface MeshOutput {
  /** The mesh's own confidence that this is a face, 0–1. */
  presence: number;
  /** x, y and z of each point, in pixels of the mesh's input. */
  points: Float32Array;
}

/** Side of the square image that each mesh reads. */
export const meshSidePx = 192;
const outputs = ['output_faceflag', 'output_mesh'];

/** MediaPipe's 468-point mesh, without irises. */
export class PlainMesh {
  readonly #model: GraphModel;

  private constructor(model: GraphModel) {
    this.#model = model;
  }

  static async load(artifacts: io.ModelArtifacts): Promise<PlainMesh> {
    return new PlainMesh(await loadFusedModel(artifacts));
  }

  /** @param pixels of the square: red, green and blue, 0–1. */
  async run(pixels: Float32Array): Promise<MeshOutput> {
    const input = tf.tensor4d(pixels, [1, meshSidePx, meshSidePx, 3]);
    const [presence, points] = await valuesOf(input, () => this.#model.execute(input, outputs));
    return { presence: presence![0]!, points: points! };
  }

  dispose(): void {
    this.#model.dispose();
  }
}
