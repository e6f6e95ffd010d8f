import { distancePx, median } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';

/** A moment when the student surely looked at a known place, and how far the gaze point was from it. */
export interface Anchor {
  /** Known place minus uncorrected point, CSS pixels. */
  missed: PointPx;
  atMs: number;
}

/** Plain JSON. */
export interface DriftState {
  /** The newest last. */
  anchors: readonly Anchor[];
  /** What is added to the gaze point. */
  offset: PointPx;
  /** The anchors agree on more than is corrected quietly. */
  isTooFar: boolean;
}

/** One click without looking must not count, so the median of several does. */
const FEWEST_ANCHORS = 3;
const MOST_ANCHORS = 12;
const ANCHOR_LIFE_MS = 10 * 60_000;
/** Part of the way that one anchor moves the correction. */
const STEP = 0.3;
/** In held-out errors of the calibration: anchors that scatter more agree on nothing. */
const MOST_SCATTER = 1.5;
/** The most that is corrected quietly: in held-out errors, but not less than this many pixels. */
const MOST_ERRORS = 3;
const MOST_PX = 120;
/** Anchors that must agree before a calibration is given up. */
const ANCHORS_TO_GIVE_UP = 6;

export const startDrift = (offset: PointPx = { x: 0, y: 0 }): DriftState => ({ anchors: [], offset, isTooFar: false });

/** Drift as the anchors agree on it, null while they do not. */
const agreedDrift = (anchors: readonly Anchor[], errorPx: number): PointPx | null => {
  if (anchors.length < FEWEST_ANCHORS) return null;
  const agreed = { x: median(anchors.map(({ missed }) => missed.x)), y: median(anchors.map(({ missed }) => missed.y)) };
  const scatterPx = median(anchors.map(({ missed }) => distancePx(missed, agreed)));
  return scatterPx > MOST_SCATTER * errorPx ? null : agreed;
};

/** Robust, slow and bounded. @param errorPx the calibration's held-out error. Pure. */
export const stepDrift = (state: DriftState, anchor: Anchor, errorPx: number): DriftState => {
  const anchors = [...state.anchors.filter(({ atMs }) => anchor.atMs - atMs < ANCHOR_LIFE_MS), anchor].slice(
    -MOST_ANCHORS,
  );
  const agreed = agreedDrift(anchors, errorPx);
  if (agreed === null) return { ...state, anchors };
  const limitPx = Math.max(MOST_PX, MOST_ERRORS * errorPx);
  if (Math.hypot(agreed.x, agreed.y) > limitPx) {
    return { ...state, anchors, isTooFar: anchors.length >= ANCHORS_TO_GIVE_UP };
  }
  const { x, y } = state.offset;
  return { anchors, offset: { x: x + STEP * (agreed.x - x), y: y + STEP * (agreed.y - y) }, isTooFar: false };
};
