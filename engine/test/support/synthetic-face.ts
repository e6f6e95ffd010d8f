import { canonicalFace } from '../../src/perception/faces/canonical-face.ts';
import { leftEye, rightEye } from '../../src/perception/faces/face-openness.ts';
import type { EyeIndices } from '../../src/perception/faces/face-openness.ts';
import type { Landmark, SizePx } from '../../src/perception/geometry/landmark.ts';

type Vector = readonly [number, number, number];

export interface SyntheticPlace {
  image: SizePx;
  horizontalFovDeg: number;
  distanceCm: number;
  offsetXCm: number;
  offsetYCm: number;
}

export interface SyntheticPose {
  yawRad: number;
  pitchRad: number;
  rollRad: number;
}

/** Gaze angles in the head, and lid opening (gap over width). */
export interface SyntheticEyes {
  yawRad: number;
  pitchRad: number;
  lidRatio: number;
}

const eyeballBehindCornersCm = 0.7;
const eyeballToIrisCm = 1.05;
const irisAboveCornersCm = 0.16;

/**
 * The canonical face as a mesh would see it under perspective. Points that the canonical face lacks are left out (NaN).
 */
export const projectFace = (pose: SyntheticPose, place: SyntheticPlace, eyes?: SyntheticEyes): Landmark[] => {
  const points = new Map<number, Vector>();
  for (const { index, mirror, position } of canonicalFace) {
    points.set(index, position);
    if (mirror !== null) points.set(mirror, [-position[0], position[1], position[2]]);
  }
  if (eyes !== undefined) {
    for (const eye of [leftEye, rightEye]) addEye(points, eye, eyes);
  }
  const focalPx = place.image.width / 2 / Math.tan((place.horizontalFovDeg * Math.PI) / 360);
  const landmarks: Landmark[] = Array.from({ length: 478 }, () => ({ x: NaN, y: NaN, z: NaN }));
  for (const [index, point] of points) landmarks[index] = project(turned(point, pose), place, focalPx);
  return landmarks;
};

const addEye = (points: Map<number, Vector>, eye: EyeIndices, { yawRad, pitchRad, lidRatio }: SyntheticEyes): void => {
  const outer = points.get(eye.outerCorner) ?? [0, 0, 0];
  const inner = points.get(eye.innerCorner) ?? [0, 0, 0];
  const middle = [0, 1, 2].map((k) => (outer[k]! + inner[k]!) / 2) as unknown as Vector;
  const width = Math.hypot(...outer.map((v, k) => v - inner[k]!));
  for (const [upper, lower] of eye.lids) {
    points.set(upper, [middle[0], middle[1] + (width * lidRatio) / 2, middle[2]]);
    points.set(lower, [middle[0], middle[1] - (width * lidRatio) / 2, middle[2]]);
  }
  points.set(eye.iris, [
    middle[0] - Math.sin(yawRad) * Math.cos(pitchRad) * eyeballToIrisCm,
    middle[1] + irisAboveCornersCm + Math.sin(pitchRad) * eyeballToIrisCm,
    middle[2] - eyeballBehindCornersCm + Math.cos(yawRad) * Math.cos(pitchRad) * eyeballToIrisCm,
  ]);
};

/** R = Rx(pitch) · Ry(yaw) · Rz(roll) in the convention of 300W-LP. */
const turned = ([x, y, z]: Vector, { yawRad, pitchRad, rollRad }: SyntheticPose): Vector => {
  const [a, b] = [Math.cos(rollRad) * x + Math.sin(rollRad) * y, -Math.sin(rollRad) * x + Math.cos(rollRad) * y];
  const [c, d] = [Math.cos(yawRad) * a - Math.sin(yawRad) * z, Math.sin(yawRad) * a + Math.cos(yawRad) * z];
  return [c, Math.cos(pitchRad) * b + Math.sin(pitchRad) * d, -Math.sin(pitchRad) * b + Math.cos(pitchRad) * d];
};

/** Depth is relative to the head's origin, in the pixels of a centimetre there. */
const project = ([x, y, z]: Vector, place: SyntheticPlace, focalPx: number): Landmark => {
  const depthCm = place.distanceCm - z;
  return {
    x: place.image.width / 2 + (focalPx * (x + place.offsetXCm)) / depthCm,
    y: place.image.height / 2 - (focalPx * (y + place.offsetYCm)) / depthCm,
    z: (-z * focalPx) / place.distanceCm,
  };
};
