/**
 * Convolution of float images (NHWC) with integer arithmetic, in AssemblyScript; compiled by `npm run kernels`. A
 * product of two 16-bit vectors and their sum take two instructions for eight products, where floats take four.
 *
 * Each pixel's inputs are quantised to 10 bits with a scale of their own, weights to 10 bits with one per output
 * channel: the sum of up to 4,096 products then fits 32 bits.
 */

/** Inputs of one product per output channel, in 16 bits each. */
const group: i32 = 2;
const groupBytes: usize = 4;
const channelsPerStep: i32 = 8;
const pixelsPerStep: i32 = 4;
/** Pixels that are quantised together: their inputs and a step's weights then stay in the cache. */
const pixelsPerChunk: i32 = 32;
const greatest: f32 = 1023;

/** Layout of the description of a convolution: pointers and sizes, four bytes each. */
@unmanaged
class Convolution {
  input: usize;
  output: usize;
  /** [channels / 8, inputs / 2, 8, 2], int16 */
  weights: usize;
  /** Per output channel, padded to a multiple of eight: value of one step of the weights. */
  scales: usize;
  /** Per output channel: sum of the weights. */
  sums: usize;
  bias: usize;
  scratch: usize;
  height: i32;
  width: i32;
  channels: i32;
  filterHeight: i32;
  filterWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  padTop: i32;
  padLeft: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  /** Slope below zero: 1 without an activation, 0 for ReLU. */
  slope: f32;
  /** Upper limit: infinity without one. */
  limit: f32;
}

function dot(weights: v128, inputs: v128, sum: v128): v128 {
  return i32x4.add(sum, i32x4.dot_i16x8_s(weights, inputs));
}

function least(v: v128): f32 {
  return min(
    min(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    min(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

function most(v: v128): f32 {
  return max(
    max(f32x4.extract_lane(v, 0), f32x4.extract_lane(v, 1)),
    max(f32x4.extract_lane(v, 2), f32x4.extract_lane(v, 3)),
  );
}

/** Copies the inputs of one output pixel into a row; zeros outside of the image. */
function gather(conv: Convolution, y: i32, x: i32, row: usize): void {
  const top = y * conv.strideHeight - conv.padTop;
  const left = x * conv.strideWidth - conv.padLeft;
  const pixelBytes = <usize>conv.channels * 4;
  let to = row;
  for (let dy = 0; dy < conv.filterHeight; dy++) {
    for (let dx = 0; dx < conv.filterWidth; dx++) {
      const isInside = top + dy >= 0 && top + dy < conv.height && left + dx >= 0 && left + dx < conv.width;
      if (isInside) memory.copy(to, conv.input + <usize>((top + dy) * conv.width + left + dx) * pixelBytes, pixelBytes);
      else memory.fill(to, 0, pixelBytes);
      to += pixelBytes;
    }
  }
}

/** @param ranges receives the row's step and its smallest value. */
function quantise(row: usize, length: i32, to: usize, ranges: usize): void {
  let low = f32x4.splat(Infinity);
  let high = f32x4.splat(-Infinity);
  const whole = length & ~3;
  for (let i = 0; i < whole; i += 4) {
    const v = v128.load(row + ((<usize>i) << 2));
    low = f32x4.pmin(low, v);
    high = f32x4.pmax(high, v);
  }
  let smallest = least(low);
  let largest = most(high);
  for (let i = whole; i < length; i++) {
    const v = load<f32>(row + ((<usize>i) << 2));
    smallest = min(smallest, v);
    largest = max(largest, v);
  }
  const range = largest - smallest;
  const perStep = f32x4.splat(range > 0 ? greatest / range : 0);
  store<f32>(ranges, range / greatest);
  store<f32>(ranges, smallest, 4);
  const offset = f32x4.splat(smallest);
  const half = f32x4.splat(0.5);
  // Beyond the row's end, where the weights are zero, anything may be read.
  for (let i = 0; i < length; i += 4) {
    const v = f32x4.sub(v128.load(row + ((<usize>i) << 2)), offset);
    const q = i32x4.trunc_sat_f32x4_s(f32x4.add(f32x4.mul(v, perStep), half));
    const words = i16x8.narrow_i32x4_s(q, q);
    store<i64>(to + ((<usize>i) << 1), i64x2.extract_lane(words, 0));
  }
}

function write(conv: Convolution, first: i32, i: i32, channel: i32, low: v128, high: v128): void {
  const ranges = conv.scratch + <usize>i * 8;
  writeFour(conv, first + i, channel, ranges, low);
  writeFour(conv, first + i, channel + 4, ranges, high);
}

function writeFour(conv: Convolution, pixel: i32, channel: i32, ranges: usize, sum: v128): void {
  const at = (<usize>channel) << 2;
  const step = f32x4.splat(load<f32>(ranges));
  const smallest = f32x4.splat(load<f32>(ranges, 4));
  const product = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), step), v128.load(conv.scales + at));
  const shift = f32x4.add(f32x4.mul(smallest, v128.load(conv.sums + at)), v128.load(conv.bias + at));
  const v = f32x4.add(product, shift);
  const zero = f32x4.splat(0);
  const active = f32x4.add(f32x4.max(v, zero), f32x4.mul(f32x4.min(v, zero), f32x4.splat(conv.slope)));
  const result = f32x4.min(active, f32x4.splat(conv.limit));
  const to = conv.output + ((<usize>(pixel * conv.outChannels + channel)) << 2);
  const left = conv.outChannels - channel;
  if (left >= 4) {
    v128.store(to, result);
    return;
  }
  if (left > 0) store<f32>(to, f32x4.extract_lane(result, 0));
  if (left > 1) store<f32>(to, f32x4.extract_lane(result, 1), 4);
  if (left > 2) store<f32>(to, f32x4.extract_lane(result, 2), 8);
}

/** Bytes of scratch memory for a row of this many inputs. */
export function scratchBytes(length: i32): usize {
  return <usize>pixelsPerChunk * (8 + rowBytesOf(length)) + (<usize>length + 4) * 4;
}

export function convolve(conv: Convolution): void {
  const pixels = conv.outHeight * conv.outWidth;
  for (let first = 0; first < pixels; first += pixelsPerChunk) {
    const count = min(pixelsPerChunk, pixels - first);
    quantiseChunk(conv, first, count);
    multiplyChunk(conv, first, count);
  }
}

function inputsOf(conv: Convolution): i32 {
  return conv.filterHeight * conv.filterWidth * conv.channels;
}

function groupsOf(length: i32): usize {
  return <usize>((length + group - 1) / group);
}

/** A row's last store may exceed it. */
function rowBytesOf(length: i32): usize {
  return groupsOf(length) * groupBytes + 16;
}

/** Scratch memory: steps and smallest values of a chunk's pixels, then their quantised inputs, then one row of floats. */
function quantiseChunk(conv: Convolution, first: i32, count: i32): void {
  const length = inputsOf(conv);
  const rowBytes = rowBytesOf(length);
  const rows = conv.scratch + <usize>pixelsPerChunk * 8;
  const gathered = rows + <usize>pixelsPerChunk * rowBytes;
  const isPointwise = conv.filterHeight == 1 && conv.filterWidth == 1 && conv.padTop == 0 && conv.padLeft == 0;
  for (let i = 0; i < count; i++) {
    const y = (first + i) / conv.outWidth;
    const x = (first + i) % conv.outWidth;
    let row = gathered;
    if (isPointwise) {
      const pixel = y * conv.strideHeight * conv.width + x * conv.strideWidth;
      row = conv.input + <usize>(pixel * conv.channels) * 4;
    } else {
      gather(conv, y, x, gathered);
    }
    quantise(row, length, rows + <usize>i * rowBytes, conv.scratch + <usize>i * 8);
  }
}

function multiplyChunk(conv: Convolution, first: i32, count: i32): void {
  const length = inputsOf(conv);
  const rowBytes = rowBytesOf(length);
  const end = groupsOf(length) * groupBytes;
  const rows = conv.scratch + <usize>pixelsPerChunk * 8;
  let step = conv.weights;
  for (let channel = 0; channel < conv.outChannels; channel += channelsPerStep) {
    for (let i = 0; i < count; i += pixelsPerStep) {
      const row0 = rows + <usize>i * rowBytes;
      const row1 = row0 + rowBytes;
      const row2 = row1 + rowBytes;
      const row3 = row2 + rowBytes;
      let sum00 = i32x4.splat(0);
      let sum01 = i32x4.splat(0);
      let sum10 = i32x4.splat(0);
      let sum11 = i32x4.splat(0);
      let sum20 = i32x4.splat(0);
      let sum21 = i32x4.splat(0);
      let sum30 = i32x4.splat(0);
      let sum31 = i32x4.splat(0);
      let from = step;
      for (let at: usize = 0; at < end; at += groupBytes) {
        const weights0 = v128.load(from);
        const weights1 = v128.load(from, 16);
        from += 32;
        const inputs0 = v128.load32_splat(row0 + at);
        const inputs1 = v128.load32_splat(row1 + at);
        const inputs2 = v128.load32_splat(row2 + at);
        const inputs3 = v128.load32_splat(row3 + at);
        sum00 = dot(weights0, inputs0, sum00);
        sum01 = dot(weights1, inputs0, sum01);
        sum10 = dot(weights0, inputs1, sum10);
        sum11 = dot(weights1, inputs1, sum11);
        sum20 = dot(weights0, inputs2, sum20);
        sum21 = dot(weights1, inputs2, sum21);
        sum30 = dot(weights0, inputs3, sum30);
        sum31 = dot(weights1, inputs3, sum31);
      }
      const left = count - i;
      write(conv, first, i, channel, sum00, sum01);
      if (left > 1) write(conv, first, i + 1, channel, sum10, sum11);
      if (left > 2) write(conv, first, i + 2, channel, sum20, sum21);
      if (left > 3) write(conv, first, i + 3, channel, sum30, sum31);
    }
    step += end * 8;
  }
}
