import { describe, expect, test } from 'vitest';
import { projectFace } from '../../../test/support/synthetic-face.ts';
import { eyeOpenness, leftEye, rightEye } from '../faces/face-openness.ts';
import { estimateGaze, gazeWord } from './gaze.ts';
import { estimateHeadPose } from '../faces/head-pose.ts';

const deg = Math.PI / 180;
const image = { width: 640, height: 480 };
const fovDeg = 63;
const place = { image, horizontalFovDeg: fovDeg, distanceCm: 60, offsetXCm: 0, offsetYCm: -2.6 };

const look = (head: { yaw: number; pitch: number }, eyes: { yaw: number; pitch: number }, where = place) => {
  const landmarks = projectFace({ yawRad: head.yaw * deg, pitchRad: head.pitch * deg, rollRad: 0 }, where, {
    yawRad: eyes.yaw * deg,
    pitchRad: eyes.pitch * deg,
    lidRatio: 0.3,
  });
  return estimateGaze(landmarks, estimateHeadPose(landmarks, image, fovDeg), image, fovDeg);
};

describe('gaze', () => {
  test.each([-25, -12, 0, 12, 25])('eyes turned by %i° in a straight head are read to 3°', (yaw) => {
    const gaze = look({ yaw: 0, pitch: 0 }, { yaw, pitch: 0 });
    expect(Math.abs((gaze?.yawRad ?? NaN) / deg - yaw)).toBeLessThan(3);
  });

  test('a turned head whose eyes turn back looks into the camera', () => {
    const gaze = look({ yaw: 20, pitch: 0 }, { yaw: -20, pitch: 0 });
    expect(Math.abs((gaze?.yawRad ?? NaN) / deg)).toBeLessThan(5);
    expect(gaze).not.toBeNull();
    expect(gazeWord(gaze ?? { yawRad: 9, pitchRad: 9, lidPitchRad: null })).toBe('center');
  });

  test('a student at the edge of the image who looks into the camera looks at the center', () => {
    const aside = { ...place, offsetXCm: 18 };
    const gaze = look({ yaw: 16.7, pitch: 0 }, { yaw: 0, pitch: 0 }, aside);
    expect(Math.abs((gaze?.yawRad ?? NaN) / deg)).toBeLessThan(4);
  });

  test('is null without irises', () => {
    const landmarks = projectFace({ yawRad: 0, pitchRad: 0, rollRad: 0 }, place);
    expect(estimateGaze(landmarks.slice(0, 468), estimateHeadPose(landmarks, image, fovDeg), image, fovDeg)).toBeNull();
  });

  test('nine directions, from the student’s own point of view', () => {
    const words = [
      [0, 0, 'center'],
      [25, 0, 'right'],
      [-25, 0, 'left'],
      [0, 20, 'top'],
      [0, -16, 'bottom'],
      [0, -14, 'center'],
      [25, 20, 'top_right'],
      [-25, -30, 'bottom_left'],
    ] as const;
    for (const [yaw, pitch, word] of words) {
      expect(gazeWord({ yawRad: yaw * deg, pitchRad: pitch * deg, lidPitchRad: null })).toBe(word);
    }
  });
});

describe('lids', () => {
  const lookDown = (headPitch: number, lidRatio: number, rollDeg = 0) => {
    const pose = { yawRad: 0, pitchRad: headPitch * deg, rollRad: rollDeg * deg };
    const landmarks = projectFace(pose, place, { yawRad: 0, pitchRad: -5 * deg, lidRatio });
    return estimateGaze(landmarks, estimateHeadPose(landmarks, image, fovDeg), image, fovDeg);
  };

  test('of a level look say nothing', () => {
    expect(lookDown(0, 0.4)?.lidPitchRad).toBeNull();
  });

  test.each([
    ['lowered lids in a level head look down', 0, 0.16, 0, -18.3, 'bottom'],
    ['lowered lids in a head that leans look down as well', 0, 0.16, 20, -18.3, 'bottom'],
    ['lowered lids in a head that looks up look into the camera', 14, 0.16, 0, -4.3, 'center'],
  ] as const)('%s', (_, headPitch, lidRatio, roll, expectedDeg, word) => {
    const gaze = lookDown(headPitch, lidRatio, roll);
    expect(Math.abs((gaze?.lidPitchRad ?? NaN) / deg - expectedDeg)).toBeLessThan(4);
    expect(gaze && gazeWord(gaze)).toBe(word);
  });
});

describe('eye openness', () => {
  const openness = (lidRatio: number) => {
    const landmarks = projectFace({ yawRad: 0, pitchRad: 0, rollRad: 0 }, place, { yawRad: 0, pitchRad: 0, lidRatio });
    return [leftEye, rightEye].map((eye) => eyeOpenness(landmarks, eye) ?? NaN);
  };

  test('goes from 0 for closed lids to 1 for wide open ones', () => {
    for (const value of openness(0.05)) expect(value).toBe(0);
    for (const value of openness(0.2)) expect(value).toBeCloseTo(0.48, 1);
    for (const value of openness(0.4)) expect(value).toBe(1);
  });
});
