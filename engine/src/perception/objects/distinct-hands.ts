import { overlapOfSmaller, shareInside } from '../geometry/landmark.ts';
import type { BoxPx } from '../geometry/landmark.ts';

const sameHandOverlap = 0.6;
/**
 * Turned faces pass for palms. Of the hands found in set 2 (see docs/measurements/accuracy.md), those of people were at
 * most .44 inside a face with a mesh, those that were faces at least .83.
 */
const mostInsideFace = 0.7;

/** Whether a hand or palm is one of those that are known. */
export const isSameHand = (box: BoxPx, known: readonly BoxPx[]): boolean =>
  known.some((other) => overlapOfSmaller(other, box) > sameHandOverlap);

/** Whether what passed for a hand is a face. @param faces boxes of faces with a mesh. */
export const isFace = (box: BoxPx, faces: readonly BoxPx[]): boolean =>
  faces.some((face) => shareInside(box, face) > mostInsideFace);
