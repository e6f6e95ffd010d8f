/**
 * Depthwise convolution of float images (NHWC), in AssemblyScript; compiled by `npm run kernels`. Four pixels of a row are
 * computed together, so that each weight is loaded once for all of them, and each input once for all of its taps.
 */

function plus(sum: v128, input: v128, weight: v128): v128 {
  return f32x4.add(sum, f32x4.mul(input, weight));
}

function write(to: usize, sum: v128, lowest: v128, highest: v128): void {
  v128.store(to, f32x4.pmin(highest, f32x4.pmax(lowest, sum)));
}

/**
 * The output has `outHeight` × `outWidth` pixels with as many channels as the input, a multiple of four.
 * @param weights [filterHeight, filterWidth, channels]. @param bias of each channel; 0 for none.
 * @param lowest and `highest`: limits of the output.
 */
export function depthwise(
  input: usize,
  output: usize,
  weights: usize,
  bias: usize,
  height: i32,
  width: i32,
  channels: i32,
  filterHeight: i32,
  filterWidth: i32,
  strideY: i32,
  strideX: i32,
  padTop: i32,
  padLeft: i32,
  outHeight: i32,
  outWidth: i32,
  lowest: f32,
  highest: f32,
): void {
  const pixelBytes = (<usize>channels) << 2;
  const rowBytes = <usize>width * pixelBytes;
  const tapRowBytes = <usize>filterWidth * pixelBytes;
  const low = f32x4.splat(lowest);
  const high = f32x4.splat(highest);
  let to = output;
  for (let y = 0; y < outHeight; y++) {
    const top = y * strideY - padTop;
    // Taps outside of the image would add zeros.
    const first = max(0, -top);
    const rows = min(filterHeight, height - top) - first;
    const row = input + <usize>(top + first) * rowBytes;
    const taps = weights + <usize>first * tapRowBytes;
    let x = 0;
    while (x < outWidth) {
      const left = x * strideX - padLeft;
      const isInside = left >= 0 && x + 4 <= outWidth && left + 3 * strideX + filterWidth <= width;
      if (!isInside) {
        const firstColumn = max(0, -left);
        const columns = min(filterWidth, width - left) - firstColumn;
        const from = row + <usize>(left + firstColumn) * pixelBytes;
        const weight = taps + <usize>firstColumn * pixelBytes;
        onePixel(from, to, weight, bias, rowBytes, tapRowBytes, pixelBytes, rows, columns, low, high);
        to += pixelBytes;
        x += 1;
        continue;
      }
      const from = row + <usize>left * pixelBytes;
      if (strideX == 1 && filterWidth == 3) {
        fourByThree(from, to, taps, bias, rowBytes, pixelBytes, rows, low, high);
      } else if (strideX == 1 && filterWidth == 5) {
        fourByFive(from, to, taps, bias, rowBytes, pixelBytes, rows, low, high);
      } else {
        const stepBytes = <usize>strideX * pixelBytes;
        fourPixels(from, to, taps, bias, rowBytes, pixelBytes, stepBytes, rows, filterWidth, low, high);
      }
      to += pixelBytes << 2;
      x += 4;
    }
  }
}

function onePixel(
  from: usize,
  to: usize,
  taps: usize,
  bias: usize,
  rowBytes: usize,
  tapRowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  columns: i32,
  low: v128,
  high: v128,
): void {
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum = bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
    let row = from + at;
    let tapRow = taps + at;
    for (let dy = 0; dy < rows; dy++) {
      let pixel = row;
      let tap = tapRow;
      for (let dx = 0; dx < columns; dx++) {
        sum = plus(sum, v128.load(pixel), v128.load(tap));
        pixel += pixelBytes;
        tap += pixelBytes;
      }
      row += rowBytes;
      tapRow += tapRowBytes;
    }
    write(to + at, sum, low, high);
  }
}

function fourPixels(
  from: usize,
  to: usize,
  taps: usize,
  bias: usize,
  rowBytes: usize,
  pixelBytes: usize,
  stepBytes: usize,
  rows: i32,
  columns: i32,
  low: v128,
  high: v128,
): void {
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum0 = bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let row = from + at;
    let tap = taps + at;
    for (let dy = 0; dy < rows; dy++) {
      let pixel = row;
      for (let dx = 0; dx < columns; dx++) {
        const weight = v128.load(tap);
        const second = pixel + stepBytes;
        const third = second + stepBytes;
        sum0 = plus(sum0, v128.load(pixel), weight);
        sum1 = plus(sum1, v128.load(second), weight);
        sum2 = plus(sum2, v128.load(third), weight);
        sum3 = plus(sum3, v128.load(third + stepBytes), weight);
        pixel += pixelBytes;
        tap += pixelBytes;
      }
      row += rowBytes;
    }
    const out = to + at;
    write(out, sum0, low, high);
    write(out + pixelBytes, sum1, low, high);
    write(out + pixelBytes * 2, sum2, low, high);
    write(out + pixelBytes * 3, sum3, low, high);
  }
}

function fourByThree(
  from: usize,
  to: usize,
  taps: usize,
  bias: usize,
  rowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  low: v128,
  high: v128,
): void {
  const twoPixels = pixelBytes * 2;
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum0 = bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let row = from + at;
    let tap = taps + at;
    for (let dy = 0; dy < rows; dy++) {
      const weight0 = v128.load(tap);
      const weight1 = v128.load(tap + pixelBytes);
      const weight2 = v128.load(tap + twoPixels);
      let pixel = row;
      const input0 = v128.load(pixel);
      const input1 = v128.load(pixel + pixelBytes);
      pixel += twoPixels;
      const input2 = v128.load(pixel);
      const input3 = v128.load(pixel + pixelBytes);
      pixel += twoPixels;
      const input4 = v128.load(pixel);
      const input5 = v128.load(pixel + pixelBytes);
      sum0 = plus(plus(plus(sum0, input0, weight0), input1, weight1), input2, weight2);
      sum1 = plus(plus(plus(sum1, input1, weight0), input2, weight1), input3, weight2);
      sum2 = plus(plus(plus(sum2, input2, weight0), input3, weight1), input4, weight2);
      sum3 = plus(plus(plus(sum3, input3, weight0), input4, weight1), input5, weight2);
      tap += twoPixels + pixelBytes;
      row += rowBytes;
    }
    const out = to + at;
    write(out, sum0, low, high);
    write(out + pixelBytes, sum1, low, high);
    write(out + twoPixels, sum2, low, high);
    write(out + twoPixels + pixelBytes, sum3, low, high);
  }
}

function fourByFive(
  from: usize,
  to: usize,
  taps: usize,
  bias: usize,
  rowBytes: usize,
  pixelBytes: usize,
  rows: i32,
  low: v128,
  high: v128,
): void {
  const twoPixels = pixelBytes * 2;
  for (let at: usize = 0; at < pixelBytes; at += 16) {
    let sum0 = bias == 0 ? f32x4.splat(0) : v128.load(bias + at);
    let sum1 = sum0;
    let sum2 = sum0;
    let sum3 = sum0;
    let row = from + at;
    let tap = taps + at;
    for (let dy = 0; dy < rows; dy++) {
      let pixel = row;
      const input0 = v128.load(pixel);
      const input1 = v128.load(pixel + pixelBytes);
      pixel += twoPixels;
      const input2 = v128.load(pixel);
      const input3 = v128.load(pixel + pixelBytes);
      pixel += twoPixels;
      const input4 = v128.load(pixel);
      const input5 = v128.load(pixel + pixelBytes);
      pixel += twoPixels;
      const input6 = v128.load(pixel);
      const input7 = v128.load(pixel + pixelBytes);
      let weight = v128.load(tap);
      sum0 = plus(sum0, input0, weight);
      sum1 = plus(sum1, input1, weight);
      sum2 = plus(sum2, input2, weight);
      sum3 = plus(sum3, input3, weight);
      weight = v128.load(tap + pixelBytes);
      sum0 = plus(sum0, input1, weight);
      sum1 = plus(sum1, input2, weight);
      sum2 = plus(sum2, input3, weight);
      sum3 = plus(sum3, input4, weight);
      tap += twoPixels;
      weight = v128.load(tap);
      sum0 = plus(sum0, input2, weight);
      sum1 = plus(sum1, input3, weight);
      sum2 = plus(sum2, input4, weight);
      sum3 = plus(sum3, input5, weight);
      weight = v128.load(tap + pixelBytes);
      sum0 = plus(sum0, input3, weight);
      sum1 = plus(sum1, input4, weight);
      sum2 = plus(sum2, input5, weight);
      sum3 = plus(sum3, input6, weight);
      tap += twoPixels;
      weight = v128.load(tap);
      sum0 = plus(sum0, input4, weight);
      sum1 = plus(sum1, input5, weight);
      sum2 = plus(sum2, input6, weight);
      sum3 = plus(sum3, input7, weight);
      tap += pixelBytes;
      row += rowBytes;
    }
    const out = to + at;
    write(out, sum0, low, high);
    write(out + pixelBytes, sum1, low, high);
    write(out + twoPixels, sum2, low, high);
    write(out + twoPixels + pixelBytes, sum3, low, high);
  }
}
