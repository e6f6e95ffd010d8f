import type { GazeDirection } from '@invigil/protocol/frame';
import { leftEye, rightEye } from '../faces/face-openness.ts';
import { lidAngleRad } from './lid-angle.ts';
import type { EyeIndices } from '../faces/face-openness.ts';
import type { HeadPose } from '../faces/head-pose.ts';
import type { Landmark, SizePx } from '../geometry/landmark.ts';

/**
 * Where the eyes point, radians, in the signs of the head's angles (positive yaw: image-left, the student's right; positive
 * pitch: up). Both are 0 when the student looks into the camera.
 */
export interface Gaze {
  yawRad: number;
  pitchRad: number;
  /** The eyes' own part, without the head's. */
  eyeYawRad: number;
  eyePitchRad: number;
  /** `pitchRad` with the eyes' part read from the lids; null while the lids are as high as for a level look. */
  lidPitchRad: number | null;
}

const deg = Math.PI / 180;

/**
 * Distance from the middle of the eye's corners back to the eyeball's centre, and from there to the iris (adult
 * averages).
 */
const eyeballBehindCornersCm = 0.7;
const eyeballToIrisCm = 1.05;
/**
 * The iris sits this far above the line between the corners when the eye looks straight ahead: with it, the vertical eye
 * angle of 49 people in web images (groups of `models/train`) who look into the camera is 0 in the median.
 */
const irisAboveCornersCm = 0.16;

type Vector = readonly [number, number, number];

interface Camera {
  image: SizePx;
  focalPx: number;
  /** At the face's distance. */
  pxPerCm: number;
}

/** @returns null if the mesh has no irises. */
export const estimateGaze = (
  landmarks: readonly Landmark[],
  pose: HeadPose,
  image: SizePx,
  horizontalFovDeg: number,
): Gaze | null => {
  const focalPx = image.width / 2 / Math.tan((horizontalFovDeg / 2) * deg);
  const eyes = [leftEye, rightEye].flatMap((eye) => {
    const direction = eyeDirection(landmarks, eye, pose, { image, focalPx, pxPerCm: focalPx / pose.distanceCm });
    return direction === null ? [] : [direction];
  });
  const [first, second] = eyes;
  if (first === undefined || second === undefined) return null;
  const inCamera = meanDirection(first, second);
  const lids = lidAngleRad(landmarks);
  const inHead = toHead(inCamera, pose);
  const head = landmarks[6] ?? { x: image.width / 2, y: image.height / 2, z: 0 };
  const toCamera = {
    yawRad: Math.atan2(head.x - image.width / 2, focalPx),
    pitchRad: Math.atan2(head.y - image.height / 2, focalPx),
  };
  const gaze = angles(inCamera);
  const eye = angles(inHead);
  return {
    yawRad: gaze.yawRad - toCamera.yawRad,
    pitchRad: gaze.pitchRad - toCamera.pitchRad,
    eyeYawRad: eye.yawRad,
    eyePitchRad: eye.pitchRad,
    lidPitchRad: lids === null ? null : pose.pitchRad + lids - toCamera.pitchRad,
  };
};

/** From the eyeball's centre to the iris, in the camera's frame (x right, y up, z towards the camera). */
const eyeDirection = (
  landmarks: readonly Landmark[],
  eye: EyeIndices,
  pose: HeadPose,
  camera: Camera,
): Vector | null => {
  const outer = landmarks[eye.outerCorner];
  const inner = landmarks[eye.innerCorner];
  const iris = landmarks[eye.iris];
  if (outer === undefined || inner === undefined || iris === undefined) return null;
  const behind = toCameraFrame([0, irisAboveCornersCm, -eyeballBehindCornersCm], pose);
  // Away from the image's centre, a point that comes nearer to the camera also moves outwards.
  const outwardsX = (iris.x - camera.image.width / 2) / camera.focalPx;
  const outwardsY = (camera.image.height / 2 - iris.y) / camera.focalPx;
  const seenX = (iris.x - (outer.x + inner.x) / 2) / camera.pxPerCm - behind[0] - outwardsX * behind[2];
  const seenY = -(iris.y - (outer.y + inner.y) / 2) / camera.pxPerCm - behind[1] - outwardsY * behind[2];
  let [x, y, z] = [seenX, seenY, 0];
  for (let round = 0; round < 3; round++) {
    const reach = Math.min(1, (eyeballToIrisCm * 0.97) / Math.max(Math.hypot(x, y), Number.EPSILON));
    z = Math.sqrt(eyeballToIrisCm ** 2 - (Math.hypot(x, y) * reach) ** 2);
    x = seenX - outwardsX * z;
    y = seenY - outwardsY * z;
  }
  return [x, y, z];
};

const toCameraFrame = ([x, y, z]: Vector, { rotation: r }: HeadPose): Vector => [
  r[0] * x + r[1] * y + r[2] * z,
  r[3] * x + r[4] * y + r[5] * z,
  r[6] * x + r[7] * y + r[8] * z,
];

const toHead = ([x, y, z]: Vector, { rotation: r }: HeadPose): Vector => [
  r[0] * x + r[3] * y + r[6] * z,
  r[1] * x + r[4] * y + r[7] * z,
  r[2] * x + r[5] * y + r[8] * z,
];

const meanDirection = (a: Vector, b: Vector): Vector => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];

const angles = ([x, y, z]: Vector): { yawRad: number; pitchRad: number } => ({
  yawRad: Math.atan2(-x, z),
  pitchRad: Math.atan2(y, Math.hypot(x, z)),
});

/**
 * A screen of ordinary size at arm's length, below its camera, lies within these angles. Downwards, the mesh reads about
 * three fifths of the true angle: 15° stand for 25°.
 */
const center = { acrossRad: 12 * deg, upRad: 12 * deg, downRad: 15 * deg };

/** Without calibration: one of nine directions, from the student's point of view. */
export const gazeWord = ({
  yawRad,
  pitchRad,
  lidPitchRad,
}: Pick<Gaze, 'yawRad' | 'pitchRad' | 'lidPitchRad'>): GazeDirection => {
  const across = yawRad > center.acrossRad ? 'right' : yawRad < -center.acrossRad ? 'left' : null;
  const isDown = Math.min(pitchRad, lidPitchRad ?? pitchRad) < -center.downRad;
  const along = pitchRad > center.upRad && !isDown ? 'top' : isDown ? 'bottom' : null;
  if (across === null) return along ?? 'center';
  return along === null ? across : `${along}_${across}`;
};
