import type { io } from '@tensorflow/tfjs-core';
import { FixedGraph } from '../models/fixed-graph.ts';
import type { InputShapes } from '../models/fixed-graph.ts';
import { loadFused } from '../models/fused-model.ts';
import { nodesOf } from '../models/graph-nodes.ts';
import type { Nodes } from '../models/graph-nodes.ts';
import { partOf } from '../models/graph-part.ts';
import { WeightTable } from '../models/weight-table.ts';
import { fromRegion, meshRegion, sampleLength, sampleSide, sampleRegion } from './mesh-region.ts';
import type { MeshRegion } from './mesh-region.ts';
import { meshSidePx } from './plain-mesh.ts';
import type { MeshOutput } from './plain-mesh.ts';

const prefix = 'StatefulPartitionedCall/functional_1';
const trunkNodes = {
  presence: `${prefix}/output_faceflag/Reshape`,
  mesh: `${prefix}/output_mesh/BiasAdd`,
  map: `${prefix}/p_re_lu_3/Relu`,
};
/** One value for each channel of the feature map. */
const mapSlopes = `${prefix}/p_re_lu_3/Neg`;
const meshPoints = 468;
const allPoints = 478;
/** The first of a head's points are the lids; the depth of the iris is their mean. */
const lidPoints = 16;

/** A head refines the points of one region; sides are the image's. */
interface Head {
  axis: readonly [number, number];
  /** The place of the graph's crop for the region. */
  input: string;
  /** Constant of the graph with the points of the region. */
  indices: string;
  points: string;
  iris: { output: string; first: number } | null;
}

const head = (suffix: string, rest: Omit<Head, 'input' | 'indices'>): Head => ({
  ...rest,
  input: `${prefix}/transform_tensor_bilinear_v2${suffix}/SpatialTransformer/transform/Reshape_5`,
  indices: `${prefix}/landmarks_to_transform_matrix_v2${suffix}/GatherV2/indices`,
});

const headNodes: readonly Head[] = [
  head('', { axis: [61, 291], points: `${prefix}/conv_lips/BiasAdd`, iris: null }),
  head('_1', {
    axis: [33, 133],
    points: `${prefix}/conv_left_eye/BiasAdd`,
    iris: { output: `${prefix}/conv_left_iris/BiasAdd`, first: 468 },
  }),
  head('_2', {
    axis: [362, 263],
    points: `${prefix}/conv_right_eye/BiasAdd`,
    iris: { output: `${prefix}/conv_right_iris/BiasAdd`, first: 473 },
  }),
];

/**
 * MediaPipe's 478-point mesh, run in two parts. Of its 2,140 nodes all but 220 cut the eyes and lips out of the feature map,
 * one scalar operation at a time; here that is plain code between the trunk and the heads. Points differ by rounding only.
 */
export class AttentionMesh {
  readonly #trunk: FixedGraph;
  readonly #heads: FixedGraph;
  readonly #indices: readonly Int32Array[];
  /** Inputs of the heads. */
  readonly #samples: readonly Float32Array[];

  private constructor(
    trunk: FixedGraph,
    heads: FixedGraph,
    { indices, mapChannels }: { indices: readonly Int32Array[]; mapChannels: number },
  ) {
    this.#trunk = trunk;
    this.#heads = heads;
    this.#indices = indices;
    this.#samples = headNodes.map(() => new Float32Array(sampleLength(mapChannels)));
  }

  /** @throws Error if the graph is not that of facemesh-attention. */
  static async load(artifacts: io.ModelArtifacts): Promise<AttentionMesh> {
    const nodes = nodesOf(artifacts);
    const weights = new WeightTable(artifacts);
    const indices = headNodes.map((part) => Int32Array.from(weights.get(part.indices).values));
    const image = [...nodes.values()].find(({ op }) => op === 'Placeholder')!.name;
    const trunkInput = new Map([[image, [1, meshSidePx, meshSidePx, 3]]]);
    const trunk = await loadPart(artifacts, nodes, trunkInput, Object.values(trunkNodes));
    const mapChannels = weights.get(mapSlopes).shape.at(-1)!;
    const sample = [1, sampleSide, sampleSide, mapChannels];
    const headInputs = new Map(headNodes.map(({ input }) => [input, sample]));
    const heads = await loadPart(artifacts, nodes, headInputs, headNodes.flatMap(outputsOf));
    return new AttentionMesh(trunk, heads, { indices, mapChannels });
  }

  /** @param pixels of the square: red, green and blue, 0–1. */
  async run(pixels: Float32Array): Promise<MeshOutput> {
    const [presence, mesh, map] = await this.#trunk.run([pixels]);
    const points = new Float32Array(allPoints * 3);
    points.set(mesh!.subarray(0, meshPoints * 3));
    const regions = headNodes.map(({ axis }, i) => meshRegion(mesh!, this.#indices[i]!, axis));
    const found = await this.#look(map!, regions);
    headNodes.forEach((part, i) =>
      this.#refine(points, part, { indices: this.#indices[i]!, region: regions[i]!, found }),
    );
    return { presence: presence![0]!, points };
  }

  dispose(): void {
    this.#trunk.dispose();
    this.#heads.dispose();
  }

  /** @returns the values of each output by its name. */
  async #look(map: Float32Array, regions: readonly MeshRegion[]): Promise<Map<string, Float32Array>> {
    const values = await this.#heads.run(regions.map((region, i) => sampleRegion(this.#samples[i]!, map, region)));
    return new Map(headNodes.flatMap(outputsOf).map((name, i) => [name, values[i]!]));
  }

  #refine(
    points: Float32Array,
    { points: output, iris }: Head,
    { indices, region, found }: { indices: Int32Array; region: MeshRegion; found: Map<string, Float32Array> },
  ): void {
    const values = found.get(output)!;
    indices.forEach((point, i) => points.set(fromRegion(region, values[i * 2]!, values[i * 2 + 1]!), point * 3));
    if (iris === null) return;
    let depth = 0;
    for (const point of indices.subarray(0, lidPoints)) depth += points[point * 3 + 2]! / lidPoints;
    const irisValues = found.get(iris.output)!;
    for (let i = 0; i < irisValues.length / 2; i++) {
      points.set([...fromRegion(region, irisValues[i * 2]!, irisValues[i * 2 + 1]!), depth], (iris.first + i) * 3);
    }
  }
}

const outputsOf = ({ points, iris }: Head): string[] => (iris === null ? [points] : [points, iris.output]);

const loadPart = async (
  artifacts: io.ModelArtifacts,
  all: Nodes,
  inputs: InputShapes,
  outputs: readonly string[],
): Promise<FixedGraph> => {
  const topology = { modelTopology: artifacts.modelTopology as object };
  const model = await loadFused(topology, partOf(all, outputs, inputs), new WeightTable(artifacts));
  return new FixedGraph(model, inputs, outputs);
};
