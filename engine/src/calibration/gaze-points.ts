import { median } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';

interface SeenPoint extends PointPx {
  atMs: number;
}

/** Long enough for three looks at the eyes at the ordinary rate. */
const windowMs = 1300;
const smoothed = 3;
const kept = 20;
/** The eyes reach the target shortly before the click. */
const beforeClickMs = 450;
const afterClickMs = 150;

const medianPoint = (points: readonly PointPx[]): PointPx | null =>
  points.length === 0 ? null : { x: median(points.map(({ x }) => x)), y: median(points.map(({ y }) => y)) };

/** The newest gaze points: one is given until the eyes are looked at again, and a single stray one is passed over. */
export class GazePoints {
  #points: SeenPoint[] = [];

  add(point: PointPx, atMs: number): void {
    this.#points = [...this.#points, { ...point, atMs }].slice(-kept);
  }

  /** @returns null when the eyes were not seen lately. */
  now(atMs: number): PointPx | null {
    return medianPoint(this.#points.filter((point) => atMs - point.atMs <= windowMs).slice(-smoothed));
  }

  /** Around a click. */
  around(atMs: number): PointPx | null {
    return medianPoint(
      this.#points.filter((point) => point.atMs >= atMs - beforeClickMs && point.atMs <= atMs + afterClickMs),
    );
  }

  /** Closed eyes, or none: what was seen before says nothing of now. */
  clear(): void {
    this.#points = [];
  }
}

/** After so long, whatever was seen around a click has been added. */
export const settledAfterMs = afterClickMs + 400;
