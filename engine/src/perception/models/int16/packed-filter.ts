/** Output channels that the kernel computes together. */
const channelsPerStep = 8;
/** Inputs of one product. */
const group = 2;
/** Largest absolute value of a weight: see `engine/kernels/int16-convolution.ts`. */
const greatestWeight = 511;

/** A filter as the kernel reads it. Channels are padded to a multiple of eight. */
export interface PackedFilter {
  /** [channels / 8, groups, 8, group], as int16 or int16. */
  weights: Int8Array<ArrayBuffer> | Int16Array<ArrayBuffer>;
  /** Per output channel: the value of one step of its weights. */
  scales: Float32Array<ArrayBuffer>;
  /** Per output channel: the sum of its quantised weights, by which the smallest input is multiplied. */
  sums: Float32Array<ArrayBuffer>;
}

/** @param values of a filter: [inputs of one output, output channels]. */
export const packFilter = (values: ArrayLike<number>, channels: number): PackedFilter => {
  const inputs = values.length / channels;
  const groups = Math.ceil(inputs / group);
  const padded = Math.ceil(channels / channelsPerStep) * channelsPerStep;
  const weights = new Int16Array(padded * groups * group);
  const scales = new Float32Array(padded);
  const sums = new Float32Array(padded);
  for (let at = 0; at < values.length; at++) {
    const channel = at % channels;
    scales[channel] = Math.max(scales[channel]!, Math.abs(values[at]!) / greatestWeight);
  }
  for (let i = 0; i < inputs; i++) {
    for (let channel = 0; channel < channels; channel++) {
      const scale = scales[channel]!;
      const weight = scale === 0 ? 0 : Math.round(values[i * channels + channel]! / scale);
      const step = Math.floor(channel / channelsPerStep);
      const at = (step * groups + Math.floor(i / group)) * channelsPerStep + (channel % channelsPerStep);
      weights[at * group + (i % group)] = weight;
      sums[channel] = sums[channel]! + weight * scale;
    }
  }
  return { weights, scales, sums };
};
