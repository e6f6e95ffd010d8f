import { FlatBuffer } from './flatbuffer.ts';

export interface LiteTensor {
  index: number;
  shape: number[];
  type: 'float32' | 'float16' | 'int32';
  /** empty for a computed tensor */
  data: Buffer;
}

export interface LiteOperator {
  op: string;
  inputs: LiteTensor[];
  outputs: LiteTensor[];
  options: Record<string, number>;
}

/**
 * The parts of a TensorFlow Lite model that the conversion reads. Field numbers are those of
 * https://github.com/tensorflow/tensorflow/blob/v2.14.0/tensorflow/lite/schema/schema.fbs
 */
export interface LiteModel {
  inputs: LiteTensor[];
  outputs: LiteTensor[];
  operators: LiteOperator[];
}

const types: Record<number, LiteTensor['type']> = { 0: 'float32', 1: 'float16', 2: 'int32' };

/** Builtin operators by number, with the options that are read: [field, kind, value when absent]. */
const operators: Record<
  number,
  { op: string; options: Record<string, [field: number, kind: 'byte' | 'int', absent: number]> }
> = {
  0: { op: 'ADD', options: { activation: [0, 'byte', 0] } },
  2: { op: 'CONCATENATION', options: { axis: [0, 'int', 0] } },
  3: {
    op: 'CONV_2D',
    options: { padding: [0, 'byte', 0], strideX: [1, 'int', 0], strideY: [2, 'int', 0], activation: [3, 'byte', 0] },
  },
  4: {
    op: 'DEPTHWISE_CONV_2D',
    options: { padding: [0, 'byte', 0], strideX: [1, 'int', 0], strideY: [2, 'int', 0], activation: [4, 'byte', 0] },
  },
  6: { op: 'DEQUANTIZE', options: {} },
  9: { op: 'FULLY_CONNECTED', options: { activation: [0, 'byte', 0] } },
  14: { op: 'LOGISTIC', options: {} },
  17: {
    op: 'MAX_POOL_2D',
    options: {
      padding: [0, 'byte', 0],
      strideX: [1, 'int', 0],
      strideY: [2, 'int', 0],
      width: [3, 'int', 0],
      height: [4, 'int', 0],
    },
  },
  19: { op: 'RELU', options: {} },
  22: { op: 'RESHAPE', options: {} },
  23: { op: 'RESIZE_BILINEAR', options: { alignCorners: [2, 'byte', 0], halfPixelCenters: [3, 'byte', 0] } },
  34: { op: 'PAD', options: {} },
  40: { op: 'MEAN', options: { keepDims: [0, 'byte', 0] } },
  54: { op: 'PRELU', options: {} },
};

export const readLiteModel = (bytes: Buffer): LiteModel => {
  const file = new FlatBuffer(bytes);
  const buffers = file.tables(file.root, 4).map((buffer) => file.data(buffer, 0));
  const codes = file.tables(file.root, 1).map((code) => Math.max(file.byte(code, 0), file.int(code, 3)));
  const [graph] = file.tables(file.root, 2);
  if (graph === undefined) throw new Error('The TensorFlow Lite model holds no graph.');
  const tensors = file.tables(graph, 0).map((tensor, index) => ({
    index,
    shape: file.ints(tensor, 0),
    type: typeOf(file.byte(tensor, 1)),
    data: buffers[file.int(tensor, 2)] ?? Buffer.of(),
  }));
  const named = (indices: number[]) => indices.map((index) => tensorAt(tensors, index));
  return {
    inputs: named(file.ints(graph, 1)),
    outputs: named(file.ints(graph, 2)),
    operators: file.tables(graph, 3).map((operator) => {
      const { op, options } = operatorOf(codes[file.int(operator, 0)] ?? -1);
      const table = file.table(operator, 4);
      return {
        op,
        inputs: named(file.ints(operator, 1)),
        outputs: named(file.ints(operator, 2)),
        options: Object.fromEntries(
          Object.entries(options).map(([name, [field, kind, absent]]) => [
            name,
            table === null ? absent : file[kind](table, field, absent),
          ]),
        ),
      };
    }),
  };
};

const typeOf = (code: number) => {
  const type = types[code];
  if (type === undefined) throw new Error(`Tensors of type ${code} cannot be converted.`);
  return type;
};

const operatorOf = (code: number) => {
  const operator = operators[code];
  if (operator === undefined) throw new Error(`The operator ${code} cannot be converted.`);
  return operator;
};

const tensorAt = (tensors: LiteTensor[], index: number) => {
  const tensor = tensors[index];
  if (tensor === undefined) throw new Error(`The graph refers to tensor ${index}, which it does not contain.`);
  return tensor;
};
