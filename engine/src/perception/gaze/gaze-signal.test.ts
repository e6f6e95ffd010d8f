import { expect, test } from 'vitest';
import type { HeadPose } from '../faces/head-pose.ts';
import type { Landmark } from '../geometry/landmark.ts';
import type { Gaze } from './gaze.ts';
import { gazeSignal } from './gaze-signal.ts';

const image = { width: 640, height: 480 };
/** With 90° across 640 pixels, the focal length is 320 pixels. */
const fovDeg = 90;

const pose: HeadPose = {
  yawRad: 0.1,
  pitchRad: -0.05,
  rollRad: 0,
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  distanceCm: 60,
  residualCm: 0,
};
const straight: Gaze = { yawRad: 0, pitchRad: 0, eyeYawRad: 0.02, eyePitchRad: -0.03, lidPitchRad: null };

const meshAt = (x: number, y: number): Landmark[] => {
  const mesh: Landmark[] = [];
  mesh[6] = { x, y, z: 0 };
  return mesh;
};

const signalOf = (x: number, y: number, gaze: Partial<Gaze> = {}) => {
  const signal = gazeSignal(meshAt(x, y), pose, { ...straight, ...gaze }, image, fovDeg);
  if (signal === null) throw new Error('no signal');
  return signal;
};

test('a student in the middle who looks into the camera looks at the camera', () => {
  const signal = signalOf(320, 240);
  expect(signal.headXCm).toBeCloseTo(0);
  expect(signal.headYCm).toBeCloseTo(0);
  expect(signal.sightXCm).toBeCloseTo(0);
  expect(signal.sightYCm).toBeCloseTo(0);
  expect(signal).toMatchObject({ eyeYawRad: 0.02, eyePitchRad: -0.03, headYawRad: 0.1, headPitchRad: -0.05 });
  expect(signal.headZCm).toBe(60);
});

test('the head’s place is in the student’s own directions: image-right is their left, and up is up', () => {
  const signal = signalOf(480, 80);
  // Half of a focal length to either side, at 60 cm.
  expect(signal.headXCm).toBeCloseTo(-30);
  expect(signal.headYCm).toBeCloseTo(30);
});

test('a student who looks into the camera meets the camera from any position', () => {
  for (const [x, y] of [
    [100, 240],
    [600, 240],
    [320, 40],
    [500, 400],
  ] as const) {
    const signal = signalOf(x, y);
    expect(signal.sightXCm).toBeCloseTo(0, 6);
    // Horizontal and vertical angles are applied one after the other, so corners are slightly off.
    expect(Math.abs(signal.sightYCm)).toBeLessThan(5);
  }
});

test('a look to the student’s right, or up, meets the screen there', () => {
  expect(signalOf(320, 240, { yawRad: 0.2 }).sightXCm).toBeCloseTo(60 * Math.tan(0.2));
  expect(signalOf(320, 240, { pitchRad: 0.2 }).sightYCm).toBeCloseTo(60 * Math.tan(0.2));
  expect(signalOf(320, 240, { yawRad: -0.2 }).sightXCm).toBeLessThan(-12);
});

test('is null for a mesh without the point between the eyes', () => {
  expect(gazeSignal([], pose, straight, image, fovDeg)).toBeNull();
});
