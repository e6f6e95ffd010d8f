import { describe, expect, test } from 'vitest';
import { projectFace } from '../../../test/support/synthetic-face.ts';
import { readFace } from './face-readings.ts';
import type { BoxPx, Landmark } from '../geometry/landmark.ts';

const image = { width: 640, height: 480 };
const horizontalFovDeg = 63;

/** Points that the canonical face lacks are placed at its other points. */
const faceAt = (offsetXCm: number, distanceCm = 50): Landmark[] => {
  const points = projectFace(
    { yawRad: 0, pitchRad: 0, rollRad: 0 },
    { image, horizontalFovDeg, distanceCm, offsetXCm, offsetYCm: 0 },
    { yawRad: 0, pitchRad: 0, lidRatio: 0.3 },
  );
  const known = points.filter(({ x }) => Number.isFinite(x));
  return points.map((point, i) => (Number.isFinite(point.x) ? point : (known[i % known.length] ?? point)));
};

const boxAround = (points: readonly Landmark[]): BoxPx => {
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
};

const lumaOf = (value: (x: number, y: number) => number) => ({
  ...image,
  luma: Uint8ClampedArray.from({ length: image.width * image.height }, (_, i) =>
    value(i % image.width, Math.floor(i / image.width)),
  ),
});
const detailed = lumaOf((x, y) => 128 + 40 * Math.sin(x / 3) * Math.cos(y / 4) + 40 * Math.sin(x / 10 + y / 12));
const smeared = lumaOf((x, y) => 128 + 60 * Math.sin(x / 10 + y / 12));

const read = (landmarks: Landmark[], picture = detailed) =>
  readFace({ box: boxAround(landmarks), landmarks, hasIrises: true, confidence: 0.9 }, picture, horizontalFovDeg);

describe('readings of a face', () => {
  test('a whole and sharp face is read', () => {
    const { readings, unknown } = read(faceAt(0));
    expect(readings).toMatchObject({ head_pose: 'forward', gaze_direction: 'center', face_conf: 90 });
    expect(unknown).toEqual({});
  });

  test('of a face that is half outside of the image, the position is read but not the pose', () => {
    const { readings, unknown } = read(faceAt(30));
    expect(readings.face_x).toBeGreaterThan(600);
    expect(readings).not.toHaveProperty('head_yaw');
    const cut = 'face_cut_off';
    expect(unknown).toEqual({ head: cut, gaze: cut, eyes: cut, mouth: cut });
  });

  test('a very small face has no pose, and a small one has no gaze', () => {
    expect(read(faceAt(0, 400)).unknown.head).toBe('face_too_small');
    const small = read(faceAt(0, 130));
    expect(small.readings.head_pose).toBe('forward');
    expect(small.unknown).toEqual({ gaze: 'face_too_small', eyes: 'face_too_small' });
  });

  test('a blurred face has a pose and no gaze', () => {
    const { readings, unknown } = read(faceAt(0), smeared);
    expect(readings.head_pose).toBe('forward');
    expect(readings).not.toHaveProperty('gaze_direction');
    expect(unknown).toEqual({ gaze: 'blurred' });
  });
});
