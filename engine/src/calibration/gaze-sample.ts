import type { GazeSignal } from '../perception/gaze/gaze-signal.ts';

export interface PointPx {
  x: number;
  y: number;
}

/** Eyes and head while the student looked at a known place. */
export interface GazeSample {
  signal: GazeSignal;
  /** CSS pixels in the viewport. */
  target: PointPx;
  /** Samples of one still target, or of one section of the moving one, are held out together. */
  group: string;
}

export const distancePx = (a: PointPx, b: PointPx): number => Math.hypot(a.x - b.x, a.y - b.y);

/** NaN for an empty list. */
export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return Number.NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
