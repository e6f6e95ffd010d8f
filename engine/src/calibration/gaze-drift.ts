import { distancePx, median } from './gaze-sample.ts';
import type { PointPx } from './gaze-sample.ts';

/** A moment when the student certainly looked at a known place, and how far the gaze point was from it. */
export interface Anchor {
  /** Known place minus uncorrected point, CSS pixels. */
  missed: PointPx;
  atMs: number;
}

/** Plain JSON. */
export interface DriftState {
  /** Newest last. */
  anchors: readonly Anchor[];
  /** Added to the gaze point. */
  offset: PointPx;
  /** The anchors agree on a drift too large for automatic correction. */
  isTooFar: boolean;
}

/** The median of several anchors counts, because a student sometimes clicks without looking. */
const fewestAnchors = 3;
const mostAnchors = 12;
const anchorLifeMs = 10 * 60_000;
/** Share of the remaining distance by which one anchor moves the correction. */
const step = 0.3;
/** In multiples of the calibration's held-out error: anchors that scatter more count as disagreeing. */
const mostScatter = 1.5;
/** The largest automatic correction: in held-out errors, but at least this many pixels. */
const mostErrors = 3;
const mostPx = 120;
/** Anchors that must agree before a calibration is discarded. */
const anchorsToGiveUp = 6;

export const startDrift = (offset: PointPx = { x: 0, y: 0 }): DriftState => ({ anchors: [], offset, isTooFar: false });

/** Drift that the anchors agree on; null if they disagree. */
const agreedDrift = (anchors: readonly Anchor[], errorPx: number): PointPx | null => {
  if (anchors.length < fewestAnchors) return null;
  const agreed = { x: median(anchors.map(({ missed }) => missed.x)), y: median(anchors.map(({ missed }) => missed.y)) };
  const scatterPx = median(anchors.map(({ missed }) => distancePx(missed, agreed)));
  return scatterPx > mostScatter * errorPx ? null : agreed;
};

/** Robust, slow and bounded. @param errorPx the calibration's held-out error. Pure. */
export const stepDrift = (state: DriftState, anchor: Anchor, errorPx: number): DriftState => {
  const anchors = [...state.anchors.filter(({ atMs }) => anchor.atMs - atMs < anchorLifeMs), anchor].slice(
    -mostAnchors,
  );
  const agreed = agreedDrift(anchors, errorPx);
  if (agreed === null) return { ...state, anchors };
  const limitPx = Math.max(mostPx, mostErrors * errorPx);
  if (Math.hypot(agreed.x, agreed.y) > limitPx) {
    return { ...state, anchors, isTooFar: anchors.length >= anchorsToGiveUp };
  }
  const { x, y } = state.offset;
  return { anchors, offset: { x: x + step * (agreed.x - x), y: y + step * (agreed.y - y) }, isTooFar: false };
};
