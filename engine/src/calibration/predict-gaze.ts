import type { GazeSignal } from '../perception/gaze/gaze-signal.ts';
import { gazeFeatures } from './gaze-features.ts';
import type { PointPx } from './gaze-sample.ts';

/** Coefficients of `gazeFeatures`, row-major with x and y in CSS pixels. */
export type GazeWeights = readonly number[];

/** x and y. */
export const outputs = 2;

export const pointOf = (features: readonly number[], weights: GazeWeights): PointPx => {
  const point = { x: 0, y: 0 };
  features.forEach((value, index) => {
    point.x += value * weights[index * outputs]!;
    point.y += value * weights[index * outputs + 1]!;
  });
  return point;
};

/** The gaze point of these eyes, CSS pixels in the viewport of the calibration. */
export const predictGaze = (signal: GazeSignal, weights: GazeWeights): PointPx =>
  pointOf(gazeFeatures(signal), weights);
