import type { io } from '@tensorflow/tfjs-core';
import { nodesOf, withNodes } from './graph-nodes.ts';
import { WeightEditor } from './weight-editor.ts';

/** A size that the graph scales to: a part of its input's size, passed at each run under the node's name. */
export interface InnerSize {
  name: string;
  /** Input pixels per pixel of this size. */
  stride: number;
}

/**
 * Removes the fixed input size from a fully convolutional graph: the sizes that it scales to become inputs. Sides that
 * are multiples of the largest stride keep their meaning.
 *
 * @param artifacts with channels last. @param sidePx of the square input that they were converted for.
 */
export const forAnyInputSize = (
  artifacts: io.ModelArtifacts & { weightData: ArrayBuffer },
  sidePx: number,
): { artifacts: io.ModelArtifacts; innerSizes: InnerSize[] } => {
  const nodes = nodesOf(artifacts);
  const weights = new WeightEditor(artifacts);
  const innerSizes = new Map<string, InnerSize>();
  for (const node of nodes.values()) {
    if (node.op === 'Placeholder') node.attr['shape'] = shapeOf([1, -1, -1, 3]);
    if (node.op !== 'ResizeBilinear') continue;
    const name = node.input?.[1] ?? '';
    const [height = 0] = weights.read(name);
    const size = nodes.get(name);
    if (size === undefined || sidePx % height !== 0)
      throw new Error(`The graph scales to ${height} of ${sidePx} pixels.`);
    innerSizes.set(name, { name, stride: sidePx / height });
    nodes.set(name, { name, op: 'Placeholder', attr: { dtype: { type: 'DT_INT32' }, shape: shapeOf([2]) } });
  }
  return { artifacts: withNodes(artifacts, nodes.values()), innerSizes: [...innerSizes.values()] };
};

const shapeOf = (sides: readonly number[]): { shape: { dim: { size: string }[] } } => ({
  shape: { dim: sides.map((side) => ({ size: String(side) })) },
});
