import { expect, test } from 'vitest';
import type { Landmark } from '../geometry/landmark.ts';
import { leftEye, rightEye, eyeOpenness, mouthOpenness } from './face-openness.ts';
import type { EyeIndices } from './face-openness.ts';

const point = (x: number, y: number, z = 0): Landmark => ({ x, y, z });

/** A mesh with one eye, 30 pixels wide, whose lids are this far apart. */
const eyeWith = (eye: EyeIndices, gapPx: number, scale = 1): Landmark[] => {
  const mesh: Landmark[] = [];
  mesh[eye.outerCorner] = point(0, 0);
  mesh[eye.innerCorner] = point(30 * scale, 0);
  for (const [upper, lower] of eye.lids) {
    mesh[upper] = point(15 * scale, (-gapPx / 2) * scale);
    mesh[lower] = point(15 * scale, (gapPx / 2) * scale);
  }
  return mesh;
};

const mouthWith = (gapPx: number): Landmark[] => {
  const mesh: Landmark[] = [];
  mesh[308] = point(0, 0);
  mesh[78] = point(50, 0);
  mesh[13] = point(25, -gapPx / 2);
  mesh[14] = point(25, gapPx / 2);
  return mesh;
};

test.each([
  [0, 0],
  [2.7, 0],
  [6.15, 0.5],
  [9.6, 1],
  [20, 1],
])('an eye with a gap of %d for a width of 30 is open to %d', (gapPx, openness) => {
  for (const eye of [leftEye, rightEye]) expect(eyeOpenness(eyeWith(eye, gapPx), eye)).toBeCloseTo(openness, 6);
});

test('does not depend on how near the face is', () => {
  const near = eyeOpenness(eyeWith(leftEye, 6, 4), leftEye);
  expect(near).toBeCloseTo(eyeOpenness(eyeWith(leftEye, 6), leftEye) ?? NaN, 9);
});

test('measures in depth as well: an eye seen from the side keeps its width', () => {
  const mesh = eyeWith(leftEye, 6);
  mesh[leftEye.innerCorner] = point(18, 0, 24);
  expect(eyeOpenness(mesh, leftEye)).toBeCloseTo(eyeOpenness(eyeWith(leftEye, 6), leftEye) ?? NaN, 9);
});

test('is unknown where the mesh lacks a point, or the eye has no width', () => {
  const noLid = eyeWith(leftEye, 6);
  Reflect.deleteProperty(noLid, leftEye.lids[1]![0]);
  expect(eyeOpenness(noLid, leftEye)).toBeNull();
  expect(eyeOpenness([], rightEye)).toBeNull();
  const flat = eyeWith(leftEye, 6);
  flat[leftEye.innerCorner] = point(0, 0);
  expect(eyeOpenness(flat, leftEye)).toBeNull();
});

test.each([
  [0, 0],
  [20, 0.5],
  [40, 1],
  [60, 1],
])('a mouth with a gap of %d for a width of 50 is open to %d', (gapPx, openness) => {
  expect(mouthOpenness(mouthWith(gapPx))).toBeCloseTo(openness, 6);
});

test('a mouth that the mesh lacks is unknown, not closed', () => {
  expect(mouthOpenness([])).toBeNull();
});
