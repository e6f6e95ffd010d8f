import type { PointPx } from './gaze-sample.ts';
import type { ViewportPlace } from './viewport-place.ts';

/** A rectangle in CSS pixels of the viewport, as `getBoundingClientRect` gives it. */
export interface ExamArea {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The exam's area, or a function called for each frame; null is the whole viewport. */
export type ExamAreaSource = ExamArea | (() => ExamArea | null);

export const examAreaNow = (source: ExamAreaSource | undefined, viewport: ViewportPlace): ExamArea =>
  (typeof source === 'function' ? source() : source) ?? {
    x: 0,
    y: 0,
    width: viewport.widthPx,
    height: viewport.heightPx,
  };

/** The calibration's error counts in the student's favour: only a point further out than that is outside. */
export const isInArea = ({ x, y }: PointPx, area: ExamArea, marginPx: number): boolean =>
  x >= area.x - marginPx &&
  y >= area.y - marginPx &&
  x <= area.x + area.width + marginPx &&
  y <= area.y + area.height + marginPx;
