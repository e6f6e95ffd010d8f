import type { PointPx } from './gaze-sample.ts';

/** Shares of the viewport's width and height, from the upper left. */
export type Share = PointPx;

const [near, middle, far] = [0.08, 0.5, 0.92];

/** Ordered so that the eyes have to travel, which makes lag visible. */
export const nineTargets: readonly Share[] = [
  { x: middle, y: middle },
  { x: near, y: near },
  { x: far, y: near },
  { x: far, y: far },
  { x: near, y: far },
  { x: middle, y: near },
  { x: far, y: middle },
  { x: middle, y: far },
  { x: near, y: middle },
];

/** Replaces the moving target if reduced motion is preferred. */
export const fourTargets: readonly Share[] = [
  { x: 0.3, y: 0.3 },
  { x: 0.7, y: 0.3 },
  { x: 0.7, y: 0.7 },
  { x: 0.3, y: 0.7 },
];

/** A horizontal figure eight through the middle: slow enough for smooth pursuit. @param part of the way, 0–1. */
export const pursuitTarget = (part: number): Share => ({
  x: middle + 0.4 * Math.sin(2 * Math.PI * part),
  y: middle + 0.36 * Math.sin(4 * Math.PI * part),
});
