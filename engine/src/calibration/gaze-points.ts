import { median } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';

interface SeenPoint extends PointPx {
  atMs: number;
}

/** Long enough for three looks at the eyes at the ordinary rate. */
const WINDOW_MS = 1300;
const SMOOTHED = 3;
const KEPT = 20;
/** The eyes reach the target shortly before the click. */
const BEFORE_CLICK_MS = 450;
const AFTER_CLICK_MS = 150;

const medianPoint = (points: readonly PointPx[]): PointPx | null =>
  points.length === 0 ? null : { x: median(points.map(({ x }) => x)), y: median(points.map(({ y }) => y)) };

/** The newest gaze points: one is given until the eyes are looked at again, and a single stray one is passed over. */
export class GazePoints {
  #points: SeenPoint[] = [];

  add(point: PointPx, atMs: number): void {
    this.#points = [...this.#points, { ...point, atMs }].slice(-KEPT);
  }

  /** @returns null when the eyes were not seen lately. */
  now(atMs: number): PointPx | null {
    return medianPoint(this.#points.filter((point) => atMs - point.atMs <= WINDOW_MS).slice(-SMOOTHED));
  }

  /** Around a click. */
  around(atMs: number): PointPx | null {
    return medianPoint(
      this.#points.filter((point) => point.atMs >= atMs - BEFORE_CLICK_MS && point.atMs <= atMs + AFTER_CLICK_MS),
    );
  }

  /** Closed eyes, or none: what was seen before says nothing of now. */
  clear(): void {
    this.#points = [];
  }
}

/** After so long, whatever was seen around a click has been added. */
export const SETTLED_AFTER_MS = AFTER_CLICK_MS + 400;
