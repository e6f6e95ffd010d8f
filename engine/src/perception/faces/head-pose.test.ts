import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateHeadPose, headPoseWord } from './head-pose.ts';
import { angleBetweenRad } from './rigid-fit.ts';
import { projectFace } from '../../../test/support/synthetic-face.ts';

const deg = Math.PI / 180;
const image = { width: 640, height: 480 };
const fovDeg = 63;

const face = (angles: { yaw?: number; pitch?: number; roll?: number }, place = {}) =>
  projectFace(
    { yawRad: (angles.yaw ?? 0) * deg, pitchRad: (angles.pitch ?? 0) * deg, rollRad: (angles.roll ?? 0) * deg },
    { image, horizontalFovDeg: fovDeg, distanceCm: 60, offsetXCm: 0, offsetYCm: 0, ...place },
  );

const angle = fc.double({ min: -55, max: 55, noNaN: true });

describe('head pose', () => {
  test('is recovered exactly from a projected canonical face, anywhere in the image', () => {
    fc.assert(
      fc.property(
        angle,
        angle,
        angle,
        fc.double({ min: 35, max: 150, noNaN: true }),
        fc.double({ min: -15, max: 15, noNaN: true }),
        (yaw, pitch, roll, distanceCm, offsetXCm) => {
          const pose = estimateHeadPose(face({ yaw, pitch, roll }, { distanceCm, offsetXCm }), image, fovDeg);
          expect(pose.yawRad / deg).toBeCloseTo(yaw, 3);
          expect(pose.pitchRad / deg).toBeCloseTo(pitch, 3);
          expect(pose.rollRad / deg).toBeCloseTo(roll, 3);
          expect(pose.residualCm).toBeLessThan(1e-3);
        },
      ),
    );
  });

  test('positive yaw faces image-left and positive pitch looks up', () => {
    const noseOf = (landmarks: { x: number; y: number }[]) => landmarks[4] ?? { x: NaN, y: NaN };
    const browOf = (landmarks: { x: number; y: number }[]) => landmarks[6] ?? { x: NaN, y: NaN };
    expect(noseOf(face({ yaw: 30 })).x).toBeLessThan(browOf(face({ yaw: 30 })).x);
    const rise = (pitch: number) => browOf(face({ pitch })).y - noseOf(face({ pitch })).y;
    expect(rise(20)).toBeGreaterThan(rise(-20));
  });

  test('a camera of another field of view gives the same reading only if that is known', () => {
    const near = face({ yaw: 20 }, { distanceCm: 35, offsetXCm: 12 });
    const known = estimateHeadPose(near, image, fovDeg).yawRad / deg;
    const guessed = estimateHeadPose(near, image, 100).yawRad / deg;
    expect(known).toBeCloseTo(20, 3);
    expect(Math.abs(guessed - 20)).toBeGreaterThan(0.5);
  });

  test('distance is that of the projected face', () => {
    expect(estimateHeadPose(face({}, { distanceCm: 72 }), image, fovDeg).distanceCm).toBeCloseTo(72, 1);
  });

  test('the angle between two heads is the angle of the rotation between them', () => {
    const rotation = (yaw: number) => estimateHeadPose(face({ yaw, pitch: 12 }), image, fovDeg).rotation;
    expect(angleBetweenRad(rotation(-10), rotation(15)) / deg).toBeCloseTo(25, 3);
    expect(angleBetweenRad(rotation(5), rotation(5)) / deg).toBeCloseTo(0, 3);
  });

  test('a mesh without the needed points throws', () => {
    expect(() => estimateHeadPose([], image)).toThrow(RangeError);
  });
});

test('directions are the student’s own left and right', () => {
  const word = (yaw: number, pitch: number) => headPoseWord({ yawRad: yaw * deg, pitchRad: pitch * deg });
  expect(word(0, 0)).toBe('forward');
  expect(word(10, -10)).toBe('forward');
  expect(word(40, 5)).toBe('right');
  expect(word(-40, 5)).toBe('left');
  expect(word(5, 30)).toBe('up');
  expect(word(5, -30)).toBe('down');
});
