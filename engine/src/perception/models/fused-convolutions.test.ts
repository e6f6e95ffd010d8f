import { describe, expect, test } from 'vitest';
import { fuseConvolutions } from './fused-convolutions.ts';
import type { GraphNode, Nodes } from './graph-nodes.ts';
import { WeightTable } from './weight-table.ts';
import type { Weight } from './weight-table.ts';

const node = (op: string, name: string, input: string[], attr: GraphNode['attr'] = {}): GraphNode => ({
  name,
  op,
  input,
  attr,
});
const graph = (nodes: GraphNode[]): Nodes => new Map(nodes.map((each) => [each.name, each]));
const table = (weights: Record<string, Weight>): WeightTable => {
  const result = new WeightTable({ weightData: new ArrayBuffer(0), weightSpecs: [] });
  for (const [name, weight] of Object.entries(weights)) result.set(name, weight);
  return result;
};
const vector = (...values: number[]): Weight => ({ shape: [values.length], values: Float32Array.from(values) });
const opsOf = (fused: GraphNode | undefined) => fused?.attr['fused_ops']?.list?.s?.map((op) => atob(op));

describe('fused convolutions', () => {
  test('a convolution absorbs its bias and activation, and takes the name of the last of them', () => {
    const nodes = graph([
      node('Conv2D', 'conv', ['image', 'filter']),
      node('BiasAdd', 'add', ['conv', 'bias']),
      node('Relu6', 'relu', ['add']),
      node('Identity', 'out', ['relu']),
    ]);
    const weights = table({ filter: { shape: [1, 1, 1, 2], values: Float32Array.of(1, 2) }, bias: vector(3, 4) });
    fuseConvolutions(nodes, weights);
    expect([...nodes.keys()].toSorted()).toEqual(['out', 'relu', 'relu/fused_bias']);
    expect(nodes.get('relu')).toMatchObject({ op: '_FusedConv2D', input: ['image', 'filter', 'relu/fused_bias'] });
    expect(opsOf(nodes.get('relu'))).toEqual(['BiasAdd', 'Relu6']);
  });

  test('a scale goes into the filter, by output channel', () => {
    const nodes = graph([
      node('DepthwiseConv2dNative', 'conv', ['image', 'filter']),
      node('Mul', 'scaled', ['conv', 'scale']),
      node('Add', 'add', ['scaled', 'bias']),
    ]);
    const weights = table({
      filter: { shape: [1, 2, 2, 1], values: Float32Array.of(1, 2, 3, 4) },
      scale: vector(10, 100),
      bias: vector(1, 1),
    });
    fuseConvolutions(nodes, weights);
    expect([...weights.get('filter').values]).toEqual([10, 200, 30, 400]);
    expect(nodes.get('add')?.op).toBe('FusedDepthwiseConv2dNative');
  });

  test('batch normalisation becomes a scale and a bias', () => {
    const nodes = graph([
      node('Conv2D', 'conv', ['image', 'filter']),
      node('FusedBatchNorm', 'norm', ['conv', 'gamma', 'beta', 'mean', 'variance'], { epsilon: { f: 0 } }),
    ]);
    const weights = table({
      filter: { shape: [1, 1, 1, 1], values: Float32Array.of(3) },
      gamma: vector(2),
      beta: vector(5),
      mean: vector(4),
      variance: vector(16),
    });
    fuseConvolutions(nodes, weights);
    // gamma / sqrt(variance) = 0.5
    expect([...weights.get('filter').values]).toEqual([1.5]);
    expect([...weights.get('norm/fused_bias').values]).toEqual([3]);
  });

  test('a bias behind a residual sum goes before it', () => {
    const nodes = graph([
      node('Conv2D', 'conv', ['image', 'filter']),
      node('AddN', 'sum', ['conv', 'other']),
      node('Add', 'add', ['bias', 'sum']),
    ]);
    fuseConvolutions(nodes, table({ filter: { shape: [1, 1, 1, 1], values: Float32Array.of(1) }, bias: vector(7) }));
    expect(nodes.get('add')?.input).toEqual(['conv', 'other']);
    expect(nodes.get('conv')).toMatchObject({ op: '_FusedConv2D', input: ['image', 'filter', 'conv/fused_bias'] });
    expect(nodes.has('sum')).toBe(false);
  });

  test('slopes of a Prelu are kept', () => {
    const nodes = graph([
      node('Conv2D', 'conv', ['image', 'filter']),
      node('Add', 'add', ['conv', 'bias']),
      node('Prelu', 'prelu', ['add', 'slopes']),
    ]);
    const filter = { shape: [1, 1, 1, 1], values: Float32Array.of(1) };
    fuseConvolutions(nodes, table({ filter, bias: vector(7), slopes: vector(0.1) }));
    expect(nodes.get('prelu')).toMatchObject({
      input: ['image', 'filter', 'prelu/fused_bias', 'slopes'],
      attr: { num_args: { i: '2' } },
    });
  });

  test('a convolution whose result is used twice absorbs nothing', () => {
    const nodes = graph([
      node('Conv2D', 'conv', ['image', 'filter']),
      node('Add', 'add', ['conv', 'bias']),
      node('Relu', 'relu', ['conv']),
    ]);
    const before = structuredClone([...nodes]);
    fuseConvolutions(nodes, table({ filter: { shape: [1, 1, 1, 1], values: Float32Array.of(1) }, bias: vector(7) }));
    expect([...nodes]).toEqual(before);
  });
});
