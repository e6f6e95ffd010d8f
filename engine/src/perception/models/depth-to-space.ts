import type { io } from '@tensorflow/tfjs-core';
import { nodesOf, withNodes, type GraphNode } from './graph-nodes.ts';
import { WeightEditor } from './weight-editor.ts';

/**
 * Rewrites transposed convolutions whose windows touch and do not overlap (2 × 2, stride 2), for which wasm has only a slow
 * kernel, as what they are: a 1 × 1 convolution to four times the channels, which are then laid out in space. The outputs are
 * equal up to rounding. A graph that has none stays as it is; any other transposed convolution is refused.
 */
export function withDepthToSpace(original: io.ModelArtifacts): io.ModelArtifacts {
  if (!(original.weightData instanceof ArrayBuffer)) throw new TypeError('The weights are not in one piece.');
  const artifacts = {
    ...original,
    weightData: original.weightData.slice(0),
    weightSpecs: (original.weightSpecs ?? []).map((spec) => ({ ...spec })),
  };
  const weights = new WeightEditor(artifacts);
  const nodes = [...nodesOf(artifacts).values()].flatMap((node) =>
    node.op === 'Conv2DBackpropInput' ? rewritten(node, weights) : [node],
  );
  return withNodes(artifacts, nodes);
}

function rewritten(node: GraphNode, weights: WeightEditor): GraphNode[] {
  const [, filter = '', image = ''] = node.input ?? [];
  const [height, width, outs = 0, ins = 0] = weights.shapeOf(filter);
  const strides = node.attr['strides']?.list?.i?.join();
  if (height !== 2 || width !== 2 || strides !== '1,2,2,1') {
    throw new Error(`The graph's ${node.name} is not a transposed convolution of 2 × 2 with stride 2.`);
  }
  // [2, 2, outs, ins] becomes [1, 1, ins, 2 · 2 · outs].
  weights.rearrange(
    filter,
    [1, 1, ins, 4 * outs],
    (place) => (place % (4 * outs)) * ins + Math.floor(place / (4 * outs)),
  );
  const channels = `${node.name}/channels`;
  const { T = {}, data_format = {} } = node.attr;
  const layout = { T, data_format };
  return [
    {
      name: channels,
      op: 'Conv2D',
      input: [image, filter],
      attr: {
        ...layout,
        strides: { list: { i: ['1', '1', '1', '1'] } },
        dilations: { list: { i: ['1', '1', '1', '1'] } },
        padding: { s: btoa('VALID') },
      },
    },
    { name: node.name, op: 'DepthToSpace', input: [channels], attr: { ...layout, block_size: { i: '2' } } },
  ];
}
