import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { fuseConvolutions } from './fused-convolutions.ts';
import { nodesOf, type Nodes } from './graph-nodes.ts';
import { inMemory } from './model-loader.ts';
import { WeightTable } from './weight-table.ts';

/** Loads a graph model with its convolutions fused: the same outputs, up to rounding, in less time. */
export async function loadFusedModel(artifacts: io.ModelArtifacts): Promise<GraphModel> {
  return loadFused(artifacts, nodesOf(artifacts), new WeightTable(artifacts));
}

/** @param nodes the graph that is loaded instead of the artifacts' own; is changed, like `weights`. */
export async function loadFused(artifacts: io.ModelArtifacts, nodes: Nodes, weights: WeightTable): Promise<GraphModel> {
  fuseConvolutions(nodes, weights);
  const names = new Set([...nodes.keys()].filter((name) => weights.has(name)));
  return loadGraphModel(
    inMemory({
      ...artifacts,
      modelTopology: { ...(artifacts.modelTopology as object), node: [...nodes.values()] },
      ...weights.packed(names),
    }),
  );
}
