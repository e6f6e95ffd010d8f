import { halfBits } from '../float16.mjs';

/** @typedef {import('./tflite-model.mjs').LiteTensor} LiteTensor */
/** @typedef {{ name: string, op: string, input: string[], attr: Record<string, unknown> }} GraphNode */

/** Collects the nodes and weights of a TensorFlow.js graph model. */
export class GraphWriter {
  /** @type {Map<string, GraphNode>} */
  #nodes = new Map();
  /** @type {{ entry: object, data: Buffer }[]} */
  #weights = [];
  /** @type {Map<number, string>} by the number of the tensor that it computes */
  #names = new Map();
  /** @type {Map<number, LiteTensor>} */
  #aliases = new Map();
  /** @type {Map<string, number>} how often a node is used */
  #uses = new Map();
  /** @type {{ inputs: Record<string, object>, outputs: Record<string, object> }} */
  #signature = { inputs: {}, outputs: {} };

  /** @param {LiteTensor} tensor */
  input(tensor) {
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

  /** @param {LiteTensor} tensor @param {number} i */
  output(tensor, i) {
    const name = i === 0 ? 'Identity' : `Identity_${i}`;
    this.#nodes.set(name, { name, op: 'Identity', input: [this.of(tensor)], attr: { T: { type: 'DT_FLOAT' } } });
    const dim = tensor.shape.map((size) => ({ size: String(size) }));
    this.#signature.outputs[name] = { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim } };
  }

  /** @param {LiteTensor | undefined} to @param {LiteTensor | undefined} from */
  alias(to, from) {
    if (to !== undefined && from !== undefined) this.#aliases.set(to.index, from);
  }

  /** The node that computes or holds a tensor. @param {LiteTensor | undefined} tensor */
  of(tensor) {
    if (tensor === undefined) throw new Error('An operator lacks an input.');
    const source = this.#aliases.get(tensor.index) ?? tensor;
    const known = this.#names.get(source.index);
    const name = known ?? this.#constant(`t${source.index}`, source.shape, source.type, source.data);
    this.#names.set(source.index, name);
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    return name;
  }

  /** A filter with its axes in another order. @param {LiteTensor | undefined} tensor @param {number[]} order */
  filter(tensor, order) {
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

  /** The same values as one row for each image of the batch. @param {LiteTensor | undefined} tensor */
  rows(tensor) {
    const source = this.of(tensor);
    const [batch = 1, ...rest] = tensor?.shape ?? [];
    if (rest.length === 1) return source;
    const columns = rest.reduce((product, side) => product * side, 1);
    const name = `rows${this.#weights.length}`;
    const shape = this.#constant(`${name}_shape`, [2], 'int32', int32([batch, columns]));
    this.#nodes.set(name, { name, op: 'Reshape', input: [source, shape], attr: { T: { type: 'DT_FLOAT' } } });
    return name;
  }

  /** @param {LiteTensor | undefined} tensor */
  shape(tensor) {
    const shape = tensor?.shape ?? [];
    return this.#constant(`shape${tensor?.index}`, [shape.length], 'int32', int32(shape));
  }

  /** @param {number} value */
  scalar(value) {
    return this.#constant(`scalar${this.#weights.length}`, [], 'int32', int32([value]));
  }

  /**
   * @param {string} op
   * @param {LiteTensor | undefined} out
   * @param {string[]} input
   * @param {Record<string, unknown>} attr
   */
  node(op, out, input, attr) {
    if (out === undefined) throw new Error(`${op} has no output.`);
    const name = `n${out.index}`;
    this.#nodes.set(name, { name, op, input, attr: { T: { type: 'DT_FLOAT' }, ...attr } });
    this.#names.set(out.index, name);
    return name;
  }

  /**
   * @param {string} op
   * @param {LiteTensor | undefined} out
   * @param {[LiteTensor | undefined, string, LiteTensor | undefined]} inputs
   * @param {Record<string, unknown> & { activation: string }} attr
   */
  convolution(op, out, [input, filter, bias], { activation, ...attr }) {
    const ops = ['BiasAdd', ...(activation === '' ? [] : [activation])];
    this.node(op, out, [this.of(input), filter, this.of(bias)], { ...attr, ...fused(ops, 1) });
  }

  /**
   * @param {string} op
   * @param {LiteTensor | undefined} out
   * @param {string[]} input
   * @param {Record<string, unknown>} attr
   * @param {string | undefined} activation
   */
  activated(op, out, input, attr, activation = '') {
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
   * An activation of its own, which goes into the convolution before it where there is one.
   * @param {string} op
   * @param {LiteTensor | undefined} out
   * @param {LiteTensor | undefined} input
   * @param {LiteTensor | null} alpha slopes of a Prelu
   */
  activation(op, out, input, alpha) {
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

  /** @param {string} binName */
  written(binName) {
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

  /**
   * @param {string} name
   * @param {number[]} shape
   * @param {LiteTensor['type']} type
   * @param {Buffer} data
   */
  #constant(name, shape, type, data) {
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

/** @param {string[]} ops @param {number} args */
function fused(ops, args) {
  return {
    fused_ops: { list: { s: ops.map((op) => Buffer.from(op).toString('base64')) } },
    num_args: { i: String(args) },
  };
}

/** @param {Buffer} floats */
function halves(floats) {
  const result = Buffer.alloc(floats.length / 2);
  for (let i = 0; i * 4 < floats.length; i++) result.writeUInt16LE(halfBits(floats.readUInt32LE(i * 4)), i * 2);
  return result;
}

/** @param {number[]} values */
function int32(values) {
  const data = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => data.writeInt32LE(value, i * 4));
  return data;
}
