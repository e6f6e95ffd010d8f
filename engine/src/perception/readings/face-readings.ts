import type { UnknownReason } from '@invigil/protocol/frame';
import { faceDetail } from '../faces/face-detail.ts';
import type { Luma } from '../faces/face-detail.ts';
import type { FoundFace } from '../faces/face-finder.ts';
import { closedOpenness, eyeOpenness, leftEye, mouthOpenness, rightEye } from '../faces/face-openness.ts';
import type { FeatureReadings } from './feature-readings.ts';
import { rounded, roundedOrNull } from './rounded.ts';
import { estimateGaze, gazeWord } from '../gaze/gaze.ts';
import { gazeSignal } from '../gaze/gaze-signal.ts';
import { estimateHeadPose, headPoseWord } from '../faces/head-pose.ts';
import type { Landmark, SizePx } from '../geometry/landmark.ts';

/** Readings of the student's face, and why some are missing. */
export interface FaceReadings {
  readings: FeatureReadings;
  unknown: Partial<Record<'face' | 'head' | 'gaze' | 'eyes' | 'mouth', UnknownReason>>;
}

/** A face narrower than this has too few pixels for angles, or for irises. */
const minHeadWidthPx = 28;
const minGazeWidthPx = 70;
/** Share of the mesh that may be outside of the image: the mesh invents the missing half of a face. */
const mostOutside = 0.3;
/** Below this the irises blend into the lids. See `faceDetail`. */
const minGazeDetail = 0.14;
/** Beyond this angle the far eye is hidden. */
const maxGazeYawRad = (50 * Math.PI) / 180;

export const readFace = (face: FoundFace, image: Luma, horizontalFovDeg: number): FaceReadings => {
  const { box, landmarks } = face;
  const readings: FeatureReadings = {
    face_x: rounded(box.x + box.width / 2, 1),
    face_y: rounded(box.y + box.height / 2, 1),
    face_w: rounded(box.width, 1),
    face_h: rounded(box.height, 1),
    face_conf: rounded(face.confidence * 100, 1),
  };
  if (landmarks === null) return { readings, unknown: faceUnknown('face_covered') };
  if (box.width < minHeadWidthPx) return { readings, unknown: faceUnknown('face_too_small') };
  if (isCutOff(landmarks, image)) return { readings, unknown: faceUnknown('face_cut_off') };
  return readMesh({ ...face, landmarks }, readings, image, horizontalFovDeg);
};

type Meshed = FoundFace & { landmarks: Landmark[] };

const faceUnknown = (reason: UnknownReason): FaceReadings['unknown'] => ({
  head: reason,
  gaze: reason,
  eyes: reason,
  mouth: reason,
});

const readMesh = (face: Meshed, readings: FeatureReadings, image: Luma, horizontalFovDeg: number): FaceReadings => {
  const pose = estimateHeadPose(face.landmarks, image, horizontalFovDeg);
  Object.assign(readings, {
    head_yaw: rounded(pose.yawRad, 4),
    head_pitch: rounded(pose.pitchRad, 4),
    head_roll: rounded(pose.rollRad, 4),
    head_pose: headPoseWord(pose),
    mouth_open: roundedOrNull(mouthOpenness(face.landmarks), 3),
  });
  const eyesUnknown = whyNoEyes(face, pose.yawRad, image);
  if (eyesUnknown !== null) return { readings, unknown: { gaze: eyesUnknown, eyes: eyesUnknown } };
  const left = eyeOpenness(face.landmarks, leftEye);
  const right = eyeOpenness(face.landmarks, rightEye);
  readings.eye_open_left = roundedOrNull(left, 3);
  readings.eye_open_right = roundedOrNull(right, 3);
  if (Math.max(left ?? 0, right ?? 0) <= closedOpenness) return { readings, unknown: { gaze: 'eyes_closed' } };
  if ((faceDetail(image, face.box) ?? Infinity) < minGazeDetail) return { readings, unknown: { gaze: 'blurred' } };
  const gaze = estimateGaze(face.landmarks, pose, image, horizontalFovDeg);
  if (gaze === null) return { readings, unknown: { gaze: 'not_due' } };
  readings.gaze_direction = gazeWord(gaze);
  const signal = gazeSignal(face.landmarks, pose, gaze, image, horizontalFovDeg);
  if (signal !== null) readings.gaze_signal = signal;
  return { readings, unknown: {} };
};

const isCutOff = (landmarks: readonly Landmark[], { width, height }: SizePx): boolean => {
  const outside = landmarks.filter(({ x, y }) => x < 0 || y < 0 || x >= width || y >= height);
  return outside.length > mostOutside * landmarks.length;
};

const whyNoEyes = (face: Meshed, yawRad: number, image: SizePx): UnknownReason | null => {
  if (!face.hasIrises) return 'not_due';
  if (face.box.width < minGazeWidthPx) return 'face_too_small';
  if (Math.abs(yawRad) > maxGazeYawRad) return 'head_turned';
  const eyes = [leftEye.iris, rightEye.iris].map((index) => face.landmarks[index]);
  const inside = eyes.every((p) => p !== undefined && p.x > 0 && p.y > 0 && p.x < image.width && p.y < image.height);
  return inside ? null : 'face_cut_off';
};
