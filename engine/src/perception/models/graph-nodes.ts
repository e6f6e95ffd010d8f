import type { io } from '@tensorflow/tfjs-core';

/** A node of a graph model, as in its JSON. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr: Record<string, Attribute>;
}

interface Attribute {
  s?: string;
  i?: string;
  f?: number;
  list?: { i?: string[]; s?: string[] };
  shape?: { dim: { size: string }[] };
  [other: string]: unknown;
}

/** By name. */
export type Nodes = Map<string, GraphNode>;

/** Copies, which may be modified. */
export const nodesOf = (artifacts: io.ModelArtifacts): Nodes => {
  const { node } = artifacts.modelTopology as { node: GraphNode[] };
  return new Map(node.map((original) => [original.name, structuredClone(original)]));
};

export const withNodes = <Artifacts extends io.ModelArtifacts>(
  artifacts: Artifacts,
  nodes: Iterable<GraphNode>,
): Artifacts => ({ ...artifacts, modelTopology: { ...(artifacts.modelTopology as object), node: [...nodes] } });

/** The nodes that use a node's output, by its name. */
export const usersOf = (nodes: Nodes): Map<string, GraphNode[]> => {
  const users = new Map<string, GraphNode[]>();
  for (const node of nodes.values()) {
    for (const input of node.input ?? []) {
      const name = baseName(input);
      users.set(name, [...(users.get(name) ?? []), node]);
    }
  }
  return users;
};

/** Without the output's index. */
export const baseName = (input: string): string => input.split(':')[0] ?? input;

/** The node whose values a node of a graph only passes on, or the node itself. */
export const sourceOf = (nodes: Nodes, name: string): string => {
  const { op, input } = nodes.get(name) ?? {};
  return op === 'Identity' && input !== undefined ? sourceOf(nodes, baseName(input[0]!)) : name;
};
