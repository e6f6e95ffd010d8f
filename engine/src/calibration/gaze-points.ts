import { median } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';

interface SeenPoint extends PointPx {
  atMs: number;
}

/** Long enough for three eye readings at the usual rate. */
const windowMs = 1300;
const smoothed = 3;
const kept = 20;
/** The eyes reach the target shortly before the click. */
const beforeClickMs = 450;
const afterClickMs = 150;

const medianPoint = (points: readonly PointPx[]): PointPx | null =>
  points.length === 0 ? null : { x: median(points.map(({ x }) => x)), y: median(points.map(({ y }) => y)) };

/** The latest gaze points: each is used until the next eye reading, and a single outlier is ignored. */
export class GazePoints {
  #points: SeenPoint[] = [];

  add(point: PointPx, atMs: number): void {
    this.#points = [...this.#points, { ...point, atMs }].slice(-kept);
  }

  /** @returns null if the eyes were not visible recently. */
  now(atMs: number): PointPx | null {
    return medianPoint(this.#points.filter((point) => atMs - point.atMs <= windowMs).slice(-smoothed));
  }

  /** Around a click. */
  around(atMs: number): PointPx | null {
    return medianPoint(
      this.#points.filter((point) => point.atMs >= atMs - beforeClickMs && point.atMs <= atMs + afterClickMs),
    );
  }

  /** Eyes closed or not visible: earlier readings no longer apply. */
  clear(): void {
    this.#points = [];
  }
}

/** After this time, all readings around a click have been added. */
export const settledAfterMs = afterClickMs + 400;
