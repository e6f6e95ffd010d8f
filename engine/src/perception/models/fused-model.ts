import { loadGraphModel } from '@tensorflow/tfjs-converter';
import type { GraphModel } from '@tensorflow/tfjs-converter';
import type { io } from '@tensorflow/tfjs-core';
import { fuseConvolutions } from './fused-convolutions.ts';
import { nodesOf } from './graph-nodes.ts';
import type { Nodes } from './graph-nodes.ts';
import { inMemory } from './model-loader.ts';
import { WeightTable } from './weight-table.ts';

/** Loads a graph model with its convolutions fused: the same outputs, up to rounding, in less time. */
export const loadFusedModel = async (artifacts: io.ModelArtifacts): Promise<GraphModel> =>
  loadFused(artifacts, nodesOf(artifacts), new WeightTable(artifacts));

/** @param nodes the graph that is loaded instead of the artifacts' own; is changed, like `weights`. */
export const loadFused = async (
  artifacts: io.ModelArtifacts,
  nodes: Nodes,
  weights: WeightTable,
): Promise<GraphModel> => {
  fuseConvolutions(nodes, weights);
  const names = new Set([...nodes.keys()].filter((name) => weights.has(name)));
  return loadGraphModel(
    inMemory({
      ...artifacts,
      modelTopology: { ...(artifacts.modelTopology as object), node: [...nodes.values()] },
      ...weights.packed(names),
    }),
  );
};
