import { leftEye, rightEye } from '../faces/face-openness.ts';
import type { EyeIndices } from '../faces/face-openness.ts';
import type { Landmark } from '../geometry/landmark.ts';

/** Height of the upper lid above the line between the eye's corners, in eye widths, for a level look (see below). */
const levelHeight = 0.21;
/**
 * Below this height the eyes look down: of 49 people in web images (groups of `models/train`, labelled by eye) who look
 * into the camera, one is lower, and of 17 who look down, one is higher (`npm run calibrate -- --gaze`).
 */
const lowHeight = 0.14;
/** An eye is about 2.9 cm wide, and its ball has a radius of 1.2 cm: the lid follows the ball. */
const radiiPerWidth = 2.9 / 1.2;

/**
 * The vertical angle of the eyes in the head that the height of the upper lids stands for, negative downwards. The irises of eyes that
 * look down are half covered, and the mesh then places them too high.
 * @returns null if the lids are not low, or the mesh lacks the points.
 */
export const lidAngleRad = (landmarks: readonly Landmark[]): number | null => {
  const height = lidHeight(landmarks);
  if (height === null || height >= lowHeight) return null;
  return -Math.asin(Math.min(1, (levelHeight - height) * radiiPerWidth));
};

/** Mean of both eyes, in eye widths; null if the mesh lacks the points. */
export const lidHeight = (landmarks: readonly Landmark[]): number | null => {
  const [right, left] = [lidHeightOf(landmarks, rightEye), lidHeightOf(landmarks, leftEye)];
  return right === null || left === null ? null : (right + left) / 2;
};

const lidHeightOf = (landmarks: readonly Landmark[], { outerCorner, innerCorner, lids }: EyeIndices): number | null => {
  const [outer, inner, upper] = [landmarks[outerCorner], landmarks[innerCorner], landmarks[lids[0]?.[0] ?? -1]];
  const [from, to] = [landmarks[rightEye.outerCorner], landmarks[leftEye.outerCorner]];
  if (outer === undefined || inner === undefined || upper === undefined) return null;
  if (from === undefined || to === undefined) return null;
  const width = Math.hypot(outer.x - inner.x, outer.y - inner.y);
  const roll = Math.atan2(to.y - from.y, to.x - from.x);
  const [x, y] = [upper.x - (outer.x + inner.x) / 2, upper.y - (outer.y + inner.y) / 2];
  return width > 0 ? (Math.sin(roll) * x - Math.cos(roll) * y) / width : null;
};
