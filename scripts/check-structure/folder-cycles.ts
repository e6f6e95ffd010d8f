import { dirname } from 'node:path';
import { isTest } from './source-file.ts';
import type { SourceFile } from './source-file.ts';

/** Sources directly in `src` are entry points and stand for themselves. */
const nodeOf = (path: string, src: string): string => (dirname(path) === src ? path : dirname(path));

/** The strongly connected components of a graph, by Tarjan's algorithm. */
const components = (edges: ReadonlyMap<string, ReadonlySet<string>>): string[][] => {
  const found: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    lowest.set(node, order.get(node)!);
    stack.push(node);
    for (const next of edges.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (stack.includes(next)) lowest.set(node, Math.min(lowest.get(node)!, lowest.get(next)!));
    }
    if (lowest.get(node) === order.get(node)) found.push(stack.splice(stack.indexOf(node)));
  };
  for (const node of edges.keys()) if (!order.has(node)) visit(node);
  return found;
};

/** Groups of folders inside one `src` that depend on each other, directly or not. Tests do not count. */
export const folderCycles = (files: readonly SourceFile[]): string[][] => {
  const graphs = new Map<string, Map<string, Set<string>>>();
  for (const { path, relativeImports } of files) {
    const src = /^(?:.*\/)?src(?=\/)/.exec(path)?.[0];
    if (src === undefined || isTest(path)) continue;
    const graph = graphs.get(src) ?? new Map<string, Set<string>>();
    graphs.set(src, graph);
    const from = nodeOf(path, src);
    const targets = graph.get(from) ?? new Set<string>();
    graph.set(from, targets);
    for (const target of relativeImports) {
      if (!target.startsWith(`${src}/`)) continue;
      const to = nodeOf(target, src);
      if (to !== from) targets.add(to);
    }
  }
  return [...graphs.values()].flatMap((graph) => components(graph).filter(({ length }) => length > 1));
};
