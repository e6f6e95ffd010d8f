import * as tf from '@tensorflow/tfjs-core';

interface Normalisation {
  scale: number;
  offset: number;
}

/** Red, green and blue of RGBA bytes, each value times `scale` plus `offset`. */
export const rgbValues = (rgba: Uint8ClampedArray, { scale, offset }: Normalisation): Float32Array => {
  const rgb = new Float32Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]! * scale + offset;
    rgb[to + 1] = rgba[from + 1]! * scale + offset;
    rgb[to + 2] = rgba[from + 2]! * scale + offset;
  }
  return rgb;
};

/** RGBA bytes of a square as [1, side, side, 3]. */
export const normalisedPixels = (rgba: Uint8ClampedArray, sidePx: number, normalisation: Normalisation): tf.Tensor4D =>
  tf.tensor4d(rgbValues(rgba, normalisation), [1, sidePx, sidePx, 3]);
