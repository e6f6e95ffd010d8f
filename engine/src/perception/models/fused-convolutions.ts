import { usersOf } from './graph-nodes.ts';
import type { GraphNode, Nodes } from './graph-nodes.ts';
import type { Weight, WeightTable } from './weight-table.ts';

/**
 * Folds the nodes behind a convolution into it: batch normalisation, bias and activation. Otherwise TensorFlow.js runs each of
 * them as a separate pass over the activations. Changes `nodes` and `weights`; outputs are equal up to rounding.
 */
export const fuseConvolutions = (nodes: Nodes, weights: WeightTable): void => {
  for (const conv of nodes.values()) {
    if (conv.op in fusedOp) new Fusion(conv, nodes, weights).run();
  }
};

const fusedOp: Record<string, string> = {
  Conv2D: '_FusedConv2D',
  DepthwiseConv2dNative: 'FusedDepthwiseConv2dNative',
};

const activations: ReadonlySet<string> = new Set(['Relu', 'Relu6', 'Prelu']);

/** One convolution and the chain of nodes that only it feeds. */
class Fusion {
  readonly #conv: GraphNode;
  readonly #nodes: Nodes;
  readonly #weights: WeightTable;
  readonly #users: Map<string, GraphNode[]>;
  #bias: Float32Array<ArrayBuffer> | null = null;
  /** The convolution and the nodes that it has absorbed. */
  readonly #chain: GraphNode[];

  constructor(conv: GraphNode, nodes: Nodes, weights: WeightTable) {
    this.#conv = conv;
    this.#nodes = nodes;
    this.#weights = weights;
    this.#users = usersOf(nodes);
    this.#chain = [conv];
  }

  run(): void {
    for (let next = this.#next(); next !== null && this.#absorb(next); next = this.#next()) this.#chain.push(next);
    if (this.#bias === null) {
      this.#absorbBiasBehindSum();
      return;
    }
    const activation = this.#next();
    if (activation === null || !activations.has(activation.op)) {
      this.#replace(this.#chain.at(-1)!.name, this.#bias, ['BiasAdd']);
      return;
    }
    this.#chain.push(activation);
    this.#replace(activation.name, this.#bias, ['BiasAdd', activation.op], activation.input?.slice(1));
  }

  #next(): GraphNode | null {
    const users = this.#users.get(this.#chain.at(-1)!.name) ?? [];
    return users.length === 1 ? users[0]! : null;
  }

  /** @returns whether a convolution can absorb the node. */
  #absorb(node: GraphNode): boolean {
    const constant = node.input?.find((name) => this.#weights.has(name));
    if (constant === undefined) return false;
    const values = (name: string): Float32Array<ArrayBuffer> => Float32Array.from(this.#weights.get(name).values);
    if (node.op === 'Mul' && this.#bias === null) {
      this.#scale(values(constant));
      return true;
    }
    if ((node.op === 'Add' || node.op === 'AddV2' || node.op === 'BiasAdd') && this.#bias === null) {
      this.#bias = values(constant);
      return true;
    }
    if (node.op === 'FusedBatchNorm' && this.#bias === null) {
      const [gamma, beta, mean, variance] = (node.input ?? []).slice(1).map(values);
      const epsilon = node.attr['epsilon']?.f ?? 0.001;
      const scale = gamma!.map((value, i) => value / Math.sqrt(variance![i]! + epsilon));
      this.#scale(scale);
      this.#bias = beta!.map((value, i) => value - mean![i]! * scale[i]!);
      return true;
    }
    return false;
  }

  /** A residual sum before the bias: AddN(conv, other) + bias becomes (conv + bias) + other. */
  #absorbBiasBehindSum(): void {
    const sum = this.#next();
    if (sum?.op !== 'AddN' || sum.input?.length !== 2) return;
    const add = this.#users.get(sum.name)?.[0];
    const bias = add?.input?.find((name) => this.#weights.has(name));
    if (add === undefined || bias === undefined || this.#users.get(sum.name)?.length !== 1) return;
    const other = sum.input.find((name) => name !== this.#conv.name) ?? '';
    this.#nodes.delete(sum.name);
    this.#nodes.set(add.name, { ...add, input: [this.#conv.name, other] });
    this.#replace(this.#conv.name, Float32Array.from(this.#weights.get(bias).values), ['BiasAdd']);
  }

  #scale(scale: Float32Array<ArrayBuffer>): void {
    const name = this.#conv.input?.[1] ?? '';
    const { shape, values } = this.#weights.get(name);
    // [height, width, in, out]; a depthwise convolution has one output for each input: [height, width, in, 1].
    const outputs = this.#conv.op === 'Conv2D' ? shape[3]! : shape[2]!;
    this.#weights.set(name, { shape, values: Float32Array.from(values, (value, i) => value * scale[i % outputs]!) });
  }

  /** @param slopes of a Prelu. */
  #replace(name: string, bias: Float32Array<ArrayBuffer>, ops: string[], slopes: string[] = []): void {
    const biasName = `${name}/fused_bias`;
    const weight: Weight = { shape: [bias.length], values: bias };
    this.#weights.set(biasName, weight);
    this.#nodes.set(biasName, {
      name: biasName,
      op: 'Const',
      attr: { dtype: { type: 'DT_FLOAT' }, value: { tensor: { dtype: 'DT_FLOAT', tensorShape: {} } } },
    });
    // The fused convolution takes the name of the node that it ends with, so that its users need not change.
    for (const node of this.#chain) this.#nodes.delete(node.name);
    this.#nodes.set(name, {
      name,
      op: fusedOp[this.#conv.op]!,
      input: [...(this.#conv.input ?? []), biasName, ...slopes],
      attr: {
        ...this.#conv.attr,
        num_args: { i: String(1 + slopes.length) },
        fused_ops: { list: { s: ops.map((op) => btoa(op)) } },
      },
    });
  }
}
