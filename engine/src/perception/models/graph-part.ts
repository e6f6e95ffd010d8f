import { baseName } from './graph-nodes.ts';
import type { GraphNode, Nodes } from './graph-nodes.ts';

/**
 * The part of a graph between some of its nodes: everything that `outputs` need, with the nodes in `inputs` replaced by
 * placeholders of the given shapes. @throws Error if the graph lacks a node.
 */
export const partOf = (
  all: Nodes,
  outputs: readonly string[],
  inputs: ReadonlyMap<string, readonly number[]>,
): Nodes => {
  const kept: Nodes = new Map();
  const visit = (name: string): void => {
    if (kept.has(name)) return;
    const shape = inputs.get(name);
    const node = shape === undefined ? all.get(name) : placeholder(name, shape);
    if (node === undefined) throw new Error(`The graph has no node ${name}.`);
    const input = node.input?.filter((source) => !source.startsWith('^'));
    kept.set(name, input === undefined ? node : { ...node, input });
    for (const source of input ?? []) visit(baseName(source));
  };
  for (const output of outputs) visit(output);
  return kept;
};

const placeholder = (name: string, shape: readonly number[]): GraphNode => {
  const dim = shape.map((side) => ({ size: String(side) }));
  return { name, op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } } };
};
