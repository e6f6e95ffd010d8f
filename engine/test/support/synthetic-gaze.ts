import { estimateGaze } from '../../src/perception/gaze/gaze.ts';
import { gazeSignal } from '../../src/perception/gaze/gaze-signal.ts';
import type { GazeSignal } from '../../src/perception/gaze/gaze-signal.ts';
import { estimateHeadPose } from '../../src/perception/faces/head-pose.ts';
import { projectFace } from './synthetic-face.ts';

const image = { width: 640, height: 480 };
const fovDeg = 63;
/** The eyes in the canonical face, from the head's origin. */
const eyesUpCm = 2.6;
const eyesForwardCm = 3.3;
const pxPerCm = 37.8;

/** A screen below its camera: the camera looks from the middle of the upper edge. */
export interface Screen {
  widthPx: number;
  heightPx: number;
}

export interface Sitter {
  yawRad: number;
  pitchRad: number;
  /** Of the head, to the student's right of the camera and above it. */
  xCm: number;
  yCm: number;
  distanceCm: number;
  /** The mesh underestimates the movement of these eyes, and their fovea is off the axis, as for every person. */
  eyeGain: number;
  eyeOffsetRad: number;
}

export const upright: Sitter = {
  yawRad: 0,
  pitchRad: 0,
  xCm: 0,
  yCm: -8,
  distanceCm: 60,
  eyeGain: 1,
  eyeOffsetRad: 0,
};

/** Normally distributed numbers that are the same in each run. */
export const createNoise = (seed: number): (() => number) => {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
};

/**
 * The engine's readings of a face whose eyes look at a known place on the screen: a mesh is projected, `noisePx` of
 * noise is added to its points, and head pose and gaze are estimated from it as usual.
 */
export const lookAt = (
  target: { x: number; y: number },
  screen: Screen,
  sitter: Sitter,
  noisePx: number,
  noise: () => number,
): GazeSignal => {
  const eyes = { x: sitter.xCm, y: sitter.yCm + eyesUpCm, z: sitter.distanceCm - eyesForwardCm };
  const rightCm = (target.x - screen.widthPx / 2) / pxPerCm - eyes.x;
  const upCm = -target.y / pxPerCm - eyes.y;
  const yawRad = Math.atan2(rightCm, eyes.z);
  const pitchRad = Math.atan2(upCm, Math.hypot(rightCm, eyes.z));
  const place = {
    image,
    horizontalFovDeg: fovDeg,
    distanceCm: sitter.distanceCm,
    offsetXCm: -sitter.xCm,
    offsetYCm: sitter.yCm,
  };
  const landmarks = projectFace({ yawRad: sitter.yawRad, pitchRad: sitter.pitchRad, rollRad: 0 }, place, {
    yawRad: (yawRad - sitter.yawRad) * sitter.eyeGain + sitter.eyeOffsetRad,
    pitchRad: (pitchRad - sitter.pitchRad) * sitter.eyeGain + sitter.eyeOffsetRad,
    lidRatio: 0.3,
  }).map(({ x, y, z }) => ({ x: x + noisePx * noise(), y: y + noisePx * noise(), z: z + noisePx * noise() }));
  const pose = estimateHeadPose(landmarks, image, fovDeg);
  const gaze = estimateGaze(landmarks, pose, image, fovDeg);
  const signal = gaze === null ? null : gazeSignal(landmarks, pose, gaze, image, fovDeg);
  if (signal === null) throw new Error('the synthetic face has no eyes');
  return signal;
};
