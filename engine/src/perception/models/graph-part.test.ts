import { describe, expect, test } from 'vitest';
import type { GraphNode, Nodes } from './graph-nodes.ts';
import { partOf } from './graph-part.ts';

const node = (name: string, ...input: string[]): GraphNode => ({ name, op: 'Add', input, attr: {} });
const graph: Nodes = new Map(
  [node('a'), node('b', 'a'), node('c', 'b:1', '^a'), node('d', 'c'), node('other', 'a')].map((n) => [n.name, n]),
);

describe('part of a graph', () => {
  test('contains what the outputs need and nothing else', () => {
    expect([...partOf(graph, ['c'], new Map()).keys()].toSorted()).toEqual(['a', 'b', 'c']);
  });

  test('starts at the inputs, which become placeholders', () => {
    const part = partOf(graph, ['d'], new Map([['b', [1, 2]]]));
    expect([...part.keys()].toSorted()).toEqual(['b', 'c', 'd']);
    expect(part.get('b')).toMatchObject({
      op: 'Placeholder',
      attr: { shape: { shape: { dim: [{ size: '1' }, { size: '2' }] } } },
    });
  });

  test('omits inputs that only order the execution', () => {
    expect(partOf(graph, ['c'], new Map()).get('c')?.input).toEqual(['b:1']);
  });

  test('names a node that the graph lacks', () => {
    expect(() => partOf(graph, ['e'], new Map())).toThrow('e');
  });
});
