import { GraphWriter } from './graph-writer.ts';
import { readLiteModel } from './tflite-model.ts';
import type { LiteModel, LiteOperator } from './tflite-model.ts';

const same = 0;
/** Fused activations of the schema. */
const activationOps = ['', 'Relu', '', 'Relu6'];

/**
 * Converts a TensorFlow Lite model of standard operators into a TensorFlow.js graph model with float16 weights. Values are
 * equal: only names, the order of a filter's axes and the place of activations change.
 *
 * @param binName name of the weights file, written into the JSON
 */
export const toGraphModel = (tflite: Buffer, binName: string): { json: Buffer; bin: Buffer } =>
  graphModelOf(readLiteModel(tflite), binName);

export const graphModelOf = (model: LiteModel, binName: string) => {
  const writer = new GraphWriter();
  model.inputs.forEach((tensor) => writer.input(tensor));
  for (const operator of model.operators) convert(operator, writer);
  model.outputs.forEach((tensor, i) => writer.output(tensor, i));
  return writer.written(binName);
};

const convert = (operator: LiteOperator, writer: GraphWriter) => {
  const converter = converters[operator.op];
  if (converter === undefined) throw new Error(`The operator ${operator.op} cannot be converted.`);
  converter(operator, writer);
};

const converters: Record<string, (operator: LiteOperator, writer: GraphWriter) => void> = {
  // Only widens float16 weights, which the runtime does by itself.
  DEQUANTIZE: ({ inputs: [from], outputs: [to] }, writer) => writer.alias(to, from),
  ADD: ({ inputs, outputs: [out], options }, writer) =>
    writer.activated(
      'AddV2',
      out,
      inputs.map((input) => writer.of(input)),
      {},
      activationOps[options.activation ?? 0],
    ),
  RELU: ({ inputs: [input], outputs: [out] }, writer) => writer.activation('Relu', out, input, null),
  PRELU: ({ inputs: [input, alpha], outputs: [out] }, writer) => writer.activation('Prelu', out, input, alpha ?? null),
  CONV_2D: ({ inputs: [input, filter, bias], outputs: [out], options }, writer) =>
    writer.convolution('_FusedConv2D', out, [input, writer.filter(filter, [1, 2, 3, 0]), bias], {
      ...geometry(options),
      activation: activationOps[options.activation ?? 0] ?? '',
    }),
  DEPTHWISE_CONV_2D: ({ inputs: [input, filter, bias], outputs: [out], options }, writer) =>
    writer.convolution('FusedDepthwiseConv2dNative', out, [input, writer.filter(filter, [1, 2, 3, 0]), bias], {
      ...geometry(options),
      activation: activationOps[options.activation ?? 0] ?? '',
    }),
  MAX_POOL_2D: ({ inputs: [input], outputs: [out], options }, writer) =>
    writer.node('MaxPool', out, [writer.of(input)], {
      ...geometry(options),
      ksize: ints([1, options.height ?? 1, options.width ?? 1, 1]),
    }),
  PAD: ({ inputs: [input, pads], outputs: [out] }, writer) =>
    writer.node('Pad', out, [writer.of(input), writer.of(pads)], {}),
  RESHAPE: ({ inputs: [input], outputs: [out] }, writer) =>
    writer.node('Reshape', out, [writer.of(input), writer.shape(out)], {}),
  CONCATENATION: ({ inputs, outputs: [out], options }, writer) =>
    writer.node('ConcatV2', out, [...inputs.map((input) => writer.of(input)), writer.scalar(options.axis ?? 0)], {
      N: { i: String(inputs.length) },
    }),
  FULLY_CONNECTED: ({ inputs: [input, weights, bias], outputs: [out], options }, writer) =>
    writer.node('_FusedMatMul', out, [writer.rows(input), writer.filter(weights, [1, 0]), writer.of(bias)], {
      transpose_a: { b: false },
      transpose_b: { b: false },
      num_args: { i: '1' },
      fused_ops: { list: { s: ['BiasAdd', ...activations(options.activation)].map((op) => text(op).s) } },
    }),
  LOGISTIC: ({ inputs: [input], outputs: [out] }, writer) => writer.node('Sigmoid', out, [writer.of(input)], {}),
  MEAN: ({ inputs: [input, axes], outputs: [out], options }, writer) =>
    writer.node('Mean', out, [writer.of(input), writer.of(axes)], { keep_dims: { b: options.keepDims === 1 } }),
  RESIZE_BILINEAR: ({ inputs: [input, size], outputs: [out], options }, writer) =>
    writer.node('ResizeBilinear', out, [writer.of(input), writer.of(size)], {
      align_corners: { b: options.alignCorners === 1 },
      half_pixel_centers: { b: options.halfPixelCenters === 1 },
    }),
};

const activations = (code: number | undefined = 0) => {
  const activation = activationOps[code] ?? '';
  return activation === '' ? [] : [activation];
};

const geometry = ({ padding = same, strideX = 1, strideY = 1 }: Record<string, number>) => ({
  strides: ints([1, strideY, strideX, 1]),
  padding: text(padding === same ? 'SAME' : 'VALID'),
  data_format: text('NHWC'),
  dilations: ints([1, 1, 1, 1]),
});

const ints = (values: number[]) => ({ list: { i: values.map(String) } });

const text = (value: string) => ({ s: Buffer.from(value).toString('base64') });
