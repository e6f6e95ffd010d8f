import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io, Tensor4D } from '@tensorflow/tfjs-core';
import { loadFusedModel } from '../models/fused-model.ts';
import { valuesOf } from '../models/tensor-values.ts';

export interface MeshOutput {
  /** The mesh's own confidence that this is a face, 0–1. */
  presence: number;
  /** x, y and z of each point, in pixels of the mesh's input. */
  points: Float32Array;
}

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

  /** @param input [1, 192, 192, 3], 0–1; is disposed of. */
  async run(input: Tensor4D): Promise<MeshOutput> {
    const [presence, points] = await valuesOf(input, () => this.#model.execute(input, outputs));
    return { presence: presence![0]!, points: points! };
  }

  dispose(): void {
    this.#model.dispose();
  }
}
