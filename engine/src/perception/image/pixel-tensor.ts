import * as tf from '@tensorflow/tfjs-core';

/** RGBA bytes of a square as [1, side, side, 3], each value times `scale` plus `offset`. */
export const normalisedPixels = (
  rgba: Uint8ClampedArray,
  sidePx: number,
  { scale, offset }: { scale: number; offset: number },
): tf.Tensor4D => {
  const rgb = new Float32Array(sidePx * sidePx * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]! * scale + offset;
    rgb[to + 1] = rgba[from + 1]! * scale + offset;
    rgb[to + 2] = rgba[from + 2]! * scale + offset;
  }
  return tf.tensor4d(rgb, [1, sidePx, sidePx, 3]);
};
