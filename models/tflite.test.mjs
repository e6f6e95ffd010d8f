import { describe, expect, it } from 'vitest';

import { FlatBuffer } from './src/tflite/flatbuffer.mjs';
import { graphModelOf } from './src/tflite/graph-model.mjs';

/** @typedef {import('./src/tflite/tflite-model.mjs').LiteTensor} LiteTensor */

describe('a FlatBuffer', () => {
  /** A root table whose fields are a byte (7), an int (-5), a vector of two ints, and nothing. */
  const bytes = () => {
    const buffer = Buffer.alloc(48);
    buffer.writeUInt32LE(16, 0);
    // vtable at 4: its size, the table's size, then the places of four fields.
    [12, 16, 4, 8, 12, 0].forEach((value, i) => buffer.writeUInt16LE(value, 4 + i * 2));
    buffer.writeInt32LE(12, 16);
    buffer.writeInt8(7, 20);
    buffer.writeInt32LE(-5, 24);
    buffer.writeUInt32LE(8, 28);
    buffer.writeUInt32LE(2, 36);
    buffer.writeInt32LE(11, 40);
    buffer.writeInt32LE(12, 44);
    return new FlatBuffer(buffer);
  };

  it('gives the fields of a table by their number', () => {
    const file = bytes();
    expect(file.byte(file.root, 0)).toBe(7);
    expect(file.int(file.root, 1)).toBe(-5);
    expect(file.ints(file.root, 2)).toEqual([11, 12]);
    expect(file.data(file.root, 2)).toHaveLength(2);
  });

  it('gives a default for fields that are absent, or newer than the file', () => {
    const file = bytes();
    expect(file.int(file.root, 3, 9)).toBe(9);
    expect(file.byte(file.root, 8, 1)).toBe(1);
    expect(file.ints(file.root, 3)).toEqual([]);
    expect(file.table(file.root, 3)).toBeNull();
  });
});

describe('the conversion of a TensorFlow Lite model', () => {
  /** @type {LiteTensor[]} */
  const tensors = [];
  /** @param {number[]} shape @param {LiteTensor['type']} type @param {Buffer} data */
  const tensor = (shape, type = 'float32', data = Buffer.of()) => {
    const made = { index: tensors.length, shape, type, data };
    tensors.push(made);
    return made;
  };
  /** @param {number[]} values */
  const halves = (values) => Buffer.from(Uint16Array.from(values).buffer);
  /** @param {number[]} values */
  const floats = (values) => Buffer.from(Float32Array.from(values).buffer);
  /** @param {string} op @param {LiteTensor[]} inputs @param {LiteTensor} output @param {Record<string, number>} options */
  const operator = (op, inputs, output, options = {}) => ({ op, inputs, outputs: [output], options });

  const image = tensor([1, 4, 4, 1]);
  const packed = tensor([2, 1, 2, 1], 'float16', halves([1, 2, 3, 4]));
  const filter = tensor([2, 1, 2, 1]);
  const bias = tensor([2], 'float32', floats([0.5, -1]));
  const conv = tensor([1, 2, 2, 2]);
  const slopes = tensor([1, 1, 2], 'float32', floats([0.25, 0.25]));
  const active = tensor([1, 2, 2, 2]);
  const sum = tensor([1, 2, 2, 2]);
  const flat = tensor([1, 8]);
  const model = {
    inputs: [image],
    outputs: [flat],
    operators: [
      operator('DEQUANTIZE', [packed], filter),
      operator('CONV_2D', [image, filter, bias], conv, { padding: 1, strideX: 2, strideY: 3, activation: 0 }),
      operator('PRELU', [conv, slopes], active),
      operator('ADD', [active, active], sum, { activation: 1 }),
      operator('RESHAPE', [sum], flat),
    ],
  };
  const { json, bin } = graphModelOf(model, 'model.bin');
  const written = JSON.parse(json.toString());
  /** @type {{ name: string, op: string, input: string[], attr: Record<string, any> }[]} */
  const nodes = written.modelTopology.node;
  /** @param {string} op */
  const find = (op) => {
    const found = nodes.find((node) => node.op === op);
    if (found === undefined) throw new Error(`no ${op}`);
    return found;
  };
  /** @param {string} text */
  const decoded = (text) => Buffer.from(text, 'base64').toString();

  it('keeps the order of the operators, with activations inside of convolutions', () => {
    expect(nodes.map(({ op }) => op).filter((op) => op !== 'Const')).toEqual([
      'Placeholder',
      '_FusedConv2D',
      'AddV2',
      'Relu',
      'Reshape',
      'Identity',
    ]);
    const attr = find('_FusedConv2D').attr;
    expect(attr['fused_ops'].list.s.map(decoded)).toEqual(['BiasAdd', 'Prelu']);
    expect([attr['strides'].list.i, decoded(attr['padding'].s)]).toEqual([['1', '3', '2', '1'], 'VALID']);
    expect(find('AddV2').input).toEqual([find('_FusedConv2D').name, find('_FusedConv2D').name]);
  });

  it('turns filters from output-first to output-last, and stores floats as halves', () => {
    const [group] = written.weightsManifest;
    expect(group.paths).toEqual(['model.bin']);
    const [first] = group.weights;
    expect(first).toMatchObject({ shape: [1, 2, 1, 2], quantization: { dtype: 'float16' } });
    expect([...new Uint16Array(bin.buffer.slice(bin.byteOffset, bin.byteOffset + 8))]).toEqual([1, 3, 2, 4]);
    expect(bin.subarray(8, 12).toString('hex')).toBe('003800bc');
  });

  it('names what goes in and comes out', () => {
    expect(Object.keys(written.signature.inputs)).toEqual(['input']);
    expect(Object.keys(written.signature.outputs)).toEqual(['Identity']);
  });

  it('refuses an operator that it does not know', () => {
    const unknown = { ...model, operators: [operator('LSTM', [image], flat)] };
    expect(() => graphModelOf(unknown, 'x.bin')).toThrow('LSTM');
  });
});
