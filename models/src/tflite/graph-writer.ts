import { halfBits } from '../float16.ts';
import type { LiteTensor } from './tflite-model.ts';

export interface GraphNode {
  name: string;
  op: string;
  input: string[];
  attr: Record<string, unknown>;
}

/** Collects the nodes and weights of a TensorFlow.js graph model. */
export class GraphWriter {
  #nodes: Map<string, GraphNode> = new Map();
  #weights: { entry: object; data: Buffer }[] = [];
  /** by the number of the tensor that it computes */
  #names: Map<number, string> = new Map();
  #aliases: Map<number, LiteTensor> = new Map();
  /** how often a node is used */
  #uses: Map<string, number> = new Map();
  #signature: { inputs: Record<string, object>; outputs: Record<string, object> } = { inputs: {}, outputs: {} };

  input(tensor: LiteTensor) {
    const name = 'input';
    const dim = tensor.shape.map((size) => ({ size: String(size) }));
    this.#nodes.set(name, {
      name,
      op: 'Placeholder',
      input: [],
      attr: { dtype: { type: 'DT_FLOAT' }, shape: { shape: { dim } } },
    });
    this.#names.set(tensor.index, name);
    this.#signature.inputs[name] = { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } };
  }

  output(tensor: LiteTensor, i: number) {
    const name = i === 0 ? 'Identity' : `Identity_${i}`;
    this.#nodes.set(name, { name, op: 'Identity', input: [this.of(tensor)], attr: { T: { type: 'DT_FLOAT' } } });
    const dim = tensor.shape.map((size) => ({ size: String(size) }));
    this.#signature.outputs[name] = { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } };
  }

  alias(to: LiteTensor | undefined, from: LiteTensor | undefined) {
    if (to !== undefined && from !== undefined) this.#aliases.set(to.index, from);
  }

  /** The node that computes or holds a tensor. */
  of(tensor: LiteTensor | undefined) {
    if (tensor === undefined) throw new Error('An operator lacks an input.');
    const source = this.#aliases.get(tensor.index) ?? tensor;
    const known = this.#names.get(source.index);
    const name = known ?? this.#constant(`t${source.index}`, source.shape, source.type, source.data);
    this.#names.set(source.index, name);
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    return name;
  }

  /** A filter with its axes in another order. */
  filter(tensor: LiteTensor | undefined, order: number[]) {
    if (tensor === undefined) throw new Error('A convolution lacks its filter.');
    const source = this.#aliases.get(tensor.index) ?? tensor;
    const bytesEach = source.type === 'float16' ? 2 : 4;
    const shape = order.map((axis) => source.shape[axis] ?? 1);
    const strides = order.map((axis) => source.shape.slice(axis + 1).reduce((product, side) => product * side, 1));
    const data = Buffer.alloc(source.data.length);
    const length = shape.reduce((product, side) => product * side, 1);
    for (let place = 0; place < length; place++) {
      let rest = place;
      let from = 0;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const side = shape[axis] ?? 1;
        from += (rest % side) * (strides[axis] ?? 0);
        rest = Math.floor(rest / side);
      }
      source.data.copy(data, place * bytesEach, from * bytesEach, (from + 1) * bytesEach);
    }
    return this.#constant(`filter${source.index}`, shape, source.type, data);
  }

  /** The same values as one row for each image of the batch. */
  rows(tensor: LiteTensor | undefined) {
    const source = this.of(tensor);
    const [batch = 1, ...rest] = tensor?.shape ?? [];
    if (rest.length === 1) return source;
    const columns = rest.reduce((product, side) => product * side, 1);
    const name = `rows${this.#weights.length}`;
    const shape = this.#constant(`${name}_shape`, [2], 'int32', int32([batch, columns]));
    this.#nodes.set(name, { name, op: 'Reshape', input: [source, shape], attr: { T: { type: 'DT_FLOAT' } } });
    return name;
  }

  shape(tensor: LiteTensor | undefined) {
    const shape = tensor?.shape ?? [];
    return this.#constant(`shape${tensor?.index}`, [shape.length], 'int32', int32(shape));
  }

  scalar(value: number) {
    return this.#constant(`scalar${this.#weights.length}`, [], 'int32', int32([value]));
  }

  node(op: string, out: LiteTensor | undefined, input: string[], attr: Record<string, unknown>) {
    if (out === undefined) throw new Error(`${op} has no output.`);
    const name = `n${out.index}`;
    this.#nodes.set(name, { name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    this.#names.set(out.index, name);
    return name;
  }

  convolution(
    op: string,
    out: LiteTensor | undefined,
    [input, filter, bias]: [LiteTensor | undefined, string, LiteTensor | undefined],
    { activation, ...attr }: Record<string, unknown> & { activation: string },
  ) {
    const ops = ['BiasAdd', ...(activation === '' ? [] : [activation])];
    this.node(op, out, [this.of(input), filter, this.of(bias)], { ...attr, ...fused(ops, 1) });
  }

  activated(
    op: string,
    out: LiteTensor | undefined,
    input: string[],
    attr: Record<string, unknown>,
    activation: string | undefined = '',
  ) {
    if (activation === '') {
      this.node(op, out, input, attr);
      return;
    }
    const name = this.node(op, out, input, attr);
    const sum = this.#nodes.get(name);
    if (sum === undefined || out === undefined) return;
    this.#nodes.delete(name);
    this.#nodes.set(`${name}_sum`, { ...sum, name: `${name}_sum` });
    this.node(activation, out, [`${name}_sum`], {});
  }

  /**
   * A separate activation; it is fused into the preceding convolution if there is one.
   *
   * @param alpha slopes of a Prelu
   */
  activation(op: string, out: LiteTensor | undefined, input: LiteTensor | undefined, alpha: LiteTensor | null) {
    const slopes = alpha === null ? [] : [this.of(alpha)];
    const source = this.of(input);
    const conv = this.#nodes.get(source);
    if (out !== undefined && conv !== undefined && conv.op.includes('Fused') && this.#uses.get(source) === 1) {
      Object.assign(conv.attr, fused(['BiasAdd', op], 1 + slopes.length));
      conv.input.push(...slopes);
      this.#names.set(out.index, source);
      this.#uses.set(source, 0);
      return;
    }
    this.node(op, out, [source, ...slopes], {});
  }

  written(binName: string) {
    const model = {
      format: 'graph-model',
      modelTopology: { node: [...this.#nodes.values()], library: {}, versions: {} },
      signature: this.#signature,
      weightsManifest: [{ paths: [binName], weights: this.#weights.map(({ entry }) => entry) }],
    };
    return {
      json: Buffer.from(`${JSON.stringify(model)}\n`),
      bin: Buffer.concat(this.#weights.map(({ data }) => data)),
    };
  }

  #constant(name: string, shape: number[], type: LiteTensor['type'], data: Buffer) {
    const isInt = type === 'int32';
    this.#nodes.set(name, {
      name,
      op: 'Const',
      input: [],
      attr: { dtype: { type: isInt ? 'DT_INT32' : 'DT_FLOAT' } },
    });
    const entry = { name, shape, dtype: isInt ? 'int32' : 'float32' };
    this.#weights.push({
      entry: isInt ? entry : { ...entry, quantization: { dtype: 'float16', original_dtype: 'float32' } },
      data: type === 'float32' ? halves(data) : data,
    });
    return name;
  }
}

const fused = (ops: string[], args: number) => ({
  fused_ops: { list: { s: ops.map((op) => Buffer.from(op).toString('base64')) } },
  num_args: { i: String(args) },
});

const halves = (floats: Buffer) => {
  const result = Buffer.alloc(floats.length / 2);
  for (let i = 0; i * 4 < floats.length; i++) result.writeUInt16LE(halfBits(floats.readUInt32LE(i * 4)), i * 2);
  return result;
};

const int32 = (values: number[]) => {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => data.writeInt32LE(value, i * 4));
  return data;
};
