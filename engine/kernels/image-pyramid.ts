/**
 * Scaled and turned parts of an image (RGBA), in AssemblyScript; compiled by `npm run kernels`. Values are those of a canvas with
 * smoothing of medium quality: bilinear, and mixed from two sizes of an image that is halved again and again.
 */

/** Black. */
const outside: u32 = 0xff000000;
/** Positions are multiples of 1/65,536 of a pixel, and shares of a pixel multiples of 1/256. */
const one: i32 = 65536;
const half: i32 = 32768;

/** Left and right of each colour side by side, as a dot product adds them. */
function pairOf(from: usize): v128 {
  const pixels = v128.load64_zero(from);
  return v128.shuffle<u8>(pixels, i64x2.splat(0), 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16);
}

/** The image's colour at a position inside of it, mixed from the four pixels around that. */
function colourAt(input: usize, width: i32, height: i32, x: i32, y: i32): u32 {
  const fromX = max(0, x - half);
  const fromY = max(0, y - half);
  let left = fromX >> 16;
  let top = fromY >> 16;
  let shareX = (fromX >> 8) & 255;
  let shareY = (fromY >> 8) & 255;
  if (left > width - 2) {
    left = width - 2;
    shareX = 256;
  }
  if (top > height - 2) {
    top = height - 2;
    shareY = 256;
  }
  const rowBytes = (<usize>width) << 2;
  const from = input + <usize>top * rowBytes + ((<usize>left) << 2);
  const shares = i32x4.splat((256 - shareX) | (shareX << 16));
  const upper = i32x4.mul(i32x4.dot_i16x8_s(pairOf(from), shares), i32x4.splat(256 - shareY));
  const lower = i32x4.mul(i32x4.dot_i16x8_s(pairOf(from + rowBytes), shares), i32x4.splat(shareY));
  const sum = i32x4.add(upper, lower);
  const words = i32x4.shr_u(i32x4.add(sum, i32x4.splat(half)), 16);
  const halves = i16x8.narrow_i32x4_s(words, words);
  return i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0);
}

/**
 * The input has at least two pixels in each direction.
 * @param xPerColumn and the others: where the centre of an output's pixel (column, row) lies in the input:
 * x = xPerColumn · (column + 0.5) + xPerRow · (row + 0.5) + firstX. Outside of the input the output is black.
 */
export function sample(
  input: usize,
  width: i32,
  height: i32,
  output: usize,
  columns: i32,
  rows: i32,
  xPerColumn: f32,
  xPerRow: f32,
  firstX: f32,
  yPerColumn: f32,
  yPerRow: f32,
  firstY: f32,
): void {
  const stepX = <i32>nearest(xPerColumn * <f32>one);
  const stepY = <i32>nearest(yPerColumn * <f32>one);
  let to = output;
  for (let row = 0; row < rows; row++) {
    let x = <i32>nearest((xPerColumn * 0.5 + xPerRow * (<f32>row + 0.5) + firstX) * <f32>one);
    let y = <i32>nearest((yPerColumn * 0.5 + yPerRow * (<f32>row + 0.5) + firstY) * <f32>one);
    for (let column = 0; column < columns; column++) {
      // Without a sign, negative positions are beyond the input too.
      const isInside = <u32>x < (<u32>width) << 16 && <u32>y < (<u32>height) << 16;
      store<u32>(to, isInside ? colourAt(input, width, height, x, y) : outside);
      to += 4;
      x += stepX;
      y += stepY;
    }
  }
}

/** Mixes two samples into the first. @param share of the second, in 256ths. @param bytes a multiple of four. */
export function mix(first: usize, second: usize, share: i32, bytes: i32): void {
  const shares = i32x4.splat((256 - share) | (share << 16));
  const rounding = i32x4.splat(128);
  const zero = i64x2.splat(0);
  for (let at: usize = 0; at < <usize>bytes; at += 4) {
    const a = v128.load32_zero(first + at);
    const b = v128.load32_zero(second + at);
    const both = v128.shuffle<u8>(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 0, 1, 2, 3, 16, 17, 18, 19);
    const pairs = v128.shuffle<u8>(both, zero, 0, 16, 4, 16, 1, 16, 5, 16, 2, 16, 6, 16, 3, 16, 7, 16);
    const words = i32x4.shr_u(i32x4.add(i32x4.dot_i16x8_s(pairs, shares), rounding), 8);
    const halves = i16x8.narrow_i32x4_s(words, words);
    store<u32>(first + at, i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0));
  }
}

/** Sums of a pixel and the one below it, and of the two to the right of those. */
function sumsDown(from: usize, rowBytes: usize): v128 {
  return i16x8.add(
    i16x8.extend_low_i8x16_u(v128.load64_zero(from)),
    i16x8.extend_low_i8x16_u(v128.load64_zero(from + rowBytes)),
  );
}

/** Means of two by two pixels. In an odd width or height they are of three pixels, the middle of which counts twice. */
export function halve(input: usize, width: i32, height: i32, output: usize): void {
  const rowBytes = (<usize>width) << 2;
  const isOddWidth = (width & 1) === 1;
  const isOddHeight = (height & 1) === 1;
  const shift = 2 + (width & 1) + (height & 1);
  let to = output;
  for (let y = 0; y + 1 < height; y += 2) {
    let from = input + <usize>y * rowBytes;
    for (let x = 0; x + 1 < width; x += 2) {
      let sums = sumsDown(from, rowBytes);
      if (isOddWidth) sums = i16x8.add(sums, sumsDown(from + 4, rowBytes));
      if (isOddHeight) {
        sums = i16x8.add(sums, sumsDown(from + rowBytes, rowBytes));
        if (isOddWidth) sums = i16x8.add(sums, sumsDown(from + rowBytes + 4, rowBytes));
      }
      const both = i16x8.shr_u(i16x8.add(sums, i64x2.splat(i64x2.extract_lane(sums, 1))), shift);
      store<u32>(to, i32x4.extract_lane(i8x16.narrow_i16x8_u(both, both), 0));
      from += 8;
      to += 4;
    }
  }
}
