import type { Gaze } from './gaze.ts';
import type { HeadPose } from '../faces/head-pose.ts';
import type { Landmark, SizePx } from '../geometry/landmark.ts';

/**
 * The input of gaze calibration: eyes and head of one image, in the camera's frame. It stays on the page and is never
 * part of a frame. Angles have the signs of `Gaze`.
 */
export interface GazeSignal {
  /** Where the line of sight meets the plane through the camera: centimetres to the student's right, and up. */
  sightXCm: number;
  sightYCm: number;
  /** The eyes' own part, in the head. */
  eyeYawRad: number;
  eyePitchRad: number;
  headYawRad: number;
  headPitchRad: number;
  /** Between the eyes: to the student's right of the camera, above it, and away from it, for a face of average size. */
  headXCm: number;
  headYCm: number;
  headZCm: number;
}

const betweenTheEyes = 6;

/** @returns null if the mesh lacks the point between the eyes. */
export const gazeSignal = (
  landmarks: readonly Landmark[],
  pose: HeadPose,
  gaze: Gaze,
  image: SizePx,
  horizontalFovDeg: number,
): GazeSignal | null => {
  const between = landmarks[betweenTheEyes];
  if (between === undefined) return null;
  const focalPx = image.width / 2 / Math.tan((horizontalFovDeg * Math.PI) / 360);
  const acrossPx = between.x - image.width / 2;
  const alongPx = between.y - image.height / 2;
  const headXCm = (-acrossPx * pose.distanceCm) / focalPx;
  const headYCm = (-alongPx * pose.distanceCm) / focalPx;
  // Gaze is relative to the direction to the camera; this rotates it back into the camera's own frame.
  const yawRad = gaze.yawRad + Math.atan2(acrossPx, focalPx);
  const pitchRad = gaze.pitchRad + Math.atan2(alongPx, focalPx);
  return {
    sightXCm: headXCm + pose.distanceCm * Math.tan(yawRad),
    sightYCm: headYCm + (pose.distanceCm / Math.cos(yawRad)) * Math.tan(pitchRad),
    eyeYawRad: gaze.eyeYawRad,
    eyePitchRad: gaze.eyePitchRad,
    headYawRad: pose.yawRad,
    headPitchRad: pose.pitchRad,
    headXCm,
    headYCm,
    headZCm: pose.distanceCm,
  };
};
