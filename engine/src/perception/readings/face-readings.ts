import type { UnknownReason } from '@invigil/protocol/frame';
import { faceDetail, type Luma } from '../faces/face-detail.ts';
import type { FoundFace } from '../faces/face-finder.ts';
import { CLOSED_OPENNESS, eyeOpenness, LEFT_EYE, mouthOpenness, RIGHT_EYE } from '../faces/face-openness.ts';
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
const MIN_HEAD_WIDTH_PX = 28;
const MIN_GAZE_WIDTH_PX = 70;
/** Share of the mesh that may be outside of the picture: of a face cut in half, the mesh makes up the other half. */
const MOST_OUTSIDE = 0.3;
/** Below this the irises are smeared into the lids. See `faceDetail`. */
const MIN_GAZE_DETAIL = 0.14;
/** Past this the far eye is hidden. */
const MAX_GAZE_YAW_RAD = (50 * Math.PI) / 180;

export function readFace(face: FoundFace, image: Luma, horizontalFovDeg: number): FaceReadings {
  const { box, landmarks } = face;
  const readings: FeatureReadings = {
    face_x: rounded(box.x + box.width / 2, 1),
    face_y: rounded(box.y + box.height / 2, 1),
    face_w: rounded(box.width, 1),
    face_h: rounded(box.height, 1),
    face_conf: rounded(face.confidence * 100, 1),
  };
  if (landmarks === null) return { readings, unknown: faceUnknown('face_covered') };
  if (box.width < MIN_HEAD_WIDTH_PX) return { readings, unknown: faceUnknown('face_too_small') };
  if (isCutOff(landmarks, image)) return { readings, unknown: faceUnknown('face_cut_off') };
  return readMesh({ ...face, landmarks }, readings, image, horizontalFovDeg);
}

type Meshed = FoundFace & { landmarks: Landmark[] };

function faceUnknown(reason: UnknownReason): FaceReadings['unknown'] {
  return { head: reason, gaze: reason, eyes: reason, mouth: reason };
}

function readMesh(face: Meshed, readings: FeatureReadings, image: Luma, horizontalFovDeg: number): FaceReadings {
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
  const left = eyeOpenness(face.landmarks, LEFT_EYE);
  const right = eyeOpenness(face.landmarks, RIGHT_EYE);
  readings.eye_open_left = roundedOrNull(left, 3);
  readings.eye_open_right = roundedOrNull(right, 3);
  if (Math.max(left ?? 0, right ?? 0) <= CLOSED_OPENNESS) return { readings, unknown: { gaze: 'eyes_closed' } };
  if ((faceDetail(image, face.box) ?? Infinity) < MIN_GAZE_DETAIL) return { readings, unknown: { gaze: 'blurred' } };
  const gaze = estimateGaze(face.landmarks, pose, image, horizontalFovDeg);
  if (gaze === null) return { readings, unknown: { gaze: 'not_due' } };
  readings.gaze_direction = gazeWord(gaze);
  const signal = gazeSignal(face.landmarks, pose, gaze, image, horizontalFovDeg);
  if (signal !== null) readings.gaze_signal = signal;
  return { readings, unknown: {} };
}

function isCutOff(landmarks: readonly Landmark[], { width, height }: SizePx): boolean {
  const outside = landmarks.filter(({ x, y }) => x < 0 || y < 0 || x >= width || y >= height);
  return outside.length > MOST_OUTSIDE * landmarks.length;
}

function whyNoEyes(face: Meshed, yawRad: number, image: SizePx): UnknownReason | null {
  if (!face.hasIrises) return 'not_due';
  if (face.box.width < MIN_GAZE_WIDTH_PX) return 'face_too_small';
  if (Math.abs(yawRad) > MAX_GAZE_YAW_RAD) return 'head_turned';
  const eyes = [LEFT_EYE.iris, RIGHT_EYE.iris].map((index) => face.landmarks[index]);
  const inside = eyes.every((p) => p !== undefined && p.x > 0 && p.y > 0 && p.x < image.width && p.y < image.height);
  return inside ? null : 'face_cut_off';
}
