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
const fewestAnchors = 3;
const mostAnchors = 12;
const anchorLifeMs = 10 * 60_000;
/** Part of the way that one anchor moves the correction. */
const step = 0.3;
/** In held-out errors of the calibration: anchors that scatter more agree on nothing. */
const mostScatter = 1.5;
/** The most that is corrected quietly: in held-out errors, but not less than this many pixels. */
const mostErrors = 3;
const mostPx = 120;
/** Anchors that must agree before a calibration is given up. */
const anchorsToGiveUp = 6;

export const startDrift = (offset: PointPx = { x: 0, y: 0 }): DriftState => ({ anchors: [], offset, isTooFar: false });

/** Drift as the anchors agree on it, null while they do not. */
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
