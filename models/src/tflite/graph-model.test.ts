import { expect, test } from 'vitest';
import { graphModelOf } from './graph-model.ts';
import type { LiteTensor } from './tflite-model.ts';

const tensors: LiteTensor[] = [];
const tensor = (shape: number[], type: LiteTensor['type'] = 'float32', data: Buffer = Buffer.of()) => {
  const made = { index: tensors.length, shape, type, data };
  tensors.push(made);
  return made;
};
const halves = (values: number[]) => Buffer.from(Uint16Array.from(values).buffer);
const floats = (values: number[]) => Buffer.from(Float32Array.from(values).buffer);
const operator = (op: string, inputs: LiteTensor[], output: LiteTensor, options: Record<string, number> = {}) => ({
  op,
  inputs,
  outputs: [output],
  options,
});

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
/** One attribute of a node: a list of strings or integers, or one base64 string. */
interface Attribute {
  list: { s: string[]; i: string[] };
  s: string;
}

const written = JSON.parse(json.toString());
const nodes: { name: string; op: string; input: string[]; attr: Record<string, Attribute> }[] =
  written.modelTopology.node;
const find = (op: string) => {
  const found = nodes.find((node) => node.op === op);
  if (found === undefined) throw new Error(`no ${op}`);
  return found;
};
const decoded = (text: string) => Buffer.from(text, 'base64').toString();

test('keeps the order of the operators, with activations inside of convolutions', () => {
  expect(nodes.map(({ op }) => op).filter((op) => op !== 'Const')).toEqual([
    'Placeholder',
    '_FusedConv2D',
    'AddV2',
    'Relu',
    'Reshape',
    'Identity',
  ]);
  const attr = find('_FusedConv2D').attr;
  expect(attr['fused_ops']!.list.s.map(decoded)).toEqual(['BiasAdd', 'Prelu']);
  expect([attr['strides']!.list.i, decoded(attr['padding']!.s)]).toEqual([['1', '3', '2', '1'], 'VALID']);
  expect(find('AddV2').input).toEqual([find('_FusedConv2D').name, find('_FusedConv2D').name]);
});

test('turns filters from output-first to output-last, and stores floats as halves', () => {
  const [group] = written.weightsManifest;
  expect(group.paths).toEqual(['model.bin']);
  const [first] = group.weights;
  expect(first).toMatchObject({ shape: [1, 2, 1, 2], quantization: { dtype: 'float16' } });
  expect([...new Uint16Array(bin.buffer.slice(bin.byteOffset, bin.byteOffset + 8))]).toEqual([1, 3, 2, 4]);
  expect(bin.subarray(8, 12).toString('hex')).toBe('003800bc');
});

test('names inputs and outputs', () => {
  expect(Object.keys(written.signature.inputs)).toEqual(['input']);
  expect(Object.keys(written.signature.outputs)).toEqual(['Identity']);
});

test('refuses an unknown operator', () => {
  const unknown = { ...model, operators: [operator('LSTM', [image], flat)] };
  expect(() => graphModelOf(unknown, 'x.bin')).toThrow('LSTM');
});
