import type { HeadPose as HeadPoseWord } from '@invigil/protocol/frame';
import { canonicalFace } from './canonical-face.ts';
import type { Landmark, SizePx } from '../geometry/landmark.ts';
import { fitRigid } from './rigid-fit.ts';
import type { Points, Rotation } from './rigid-fit.ts';

/**
 * Head angles in the camera's frame, radians, with the signs and the order (R = Rx·Ry·Rz) of AFLW2000/300W-LP: positive
 * yaw faces image-left, positive pitch looks up, positive roll leans clockwise in the image.
 */
export interface HeadPose {
  yawRad: number;
  pitchRad: number;
  rollRad: number;
  rotation: Rotation;
  /** Distance from the camera in centimetres, for a face of average size. */
  distanceCm: number;
  /** Residual of the rigid fit; large if the mesh is not a face. */
  residualCm: number;
}

const deg = Math.PI / 180;

const indices = canonicalFace.flatMap((p) => (p.mirror === null ? [p.index] : [p.index, p.mirror]));
const positions: Points = canonicalFace.flatMap((p) => {
  const [x, y, z] = p.position;
  return p.mirror === null ? [p.position] : [p.position, [-x, y, z] as const];
});
const weights = canonicalFace.flatMap((p) => (p.mirror === null ? [p.weight] : [p.weight, p.weight]));

/** Field of view of a laptop's built-in camera; the vertical one follows from square pixels. */
export const defaultHorizontalFovDeg = 63;

/**
 * Fits the canonical face to the mesh under perspective. With a focal length of f pixels, a point that the mesh puts z
 * pixels behind the face's centre lies at depth f + z in the same scale, so its place on the viewing ray is known without
 * knowing how far away the face is.
 */
export const estimateHeadPose = (
  landmarks: readonly Landmark[],
  image: SizePx,
  horizontalFovDeg = defaultHorizontalFovDeg,
): HeadPose => {
  const focalPx = image.width / 2 / Math.tan((horizontalFovDeg / 2) * deg);
  const target = indices.map((index) => {
    const p = landmarks[index];
    if (p === undefined) throw new RangeError(`The face mesh has no point ${index}.`);
    const spread = 1 + p.z / focalPx;
    return [(p.x - image.width / 2) * spread, (image.height / 2 - p.y) * spread, -p.z] as const;
  });
  const fit = fitRigid(positions, target, weights);
  const [r00, r01, r02, , , r12, , , r22] = fit.rotation;
  return {
    yawRad: -Math.asin(Math.min(1, Math.max(-1, r02))),
    pitchRad: Math.atan2(r12, r22),
    rollRad: Math.atan2(r01, r00),
    rotation: fit.rotation,
    distanceCm: focalPx / Math.max(fit.scale, Number.EPSILON),
    residualCm: fit.residual / Math.max(fit.scale, Number.EPSILON),
  };
};

/**
 * Thresholds of the directions; a head that is turned both sideways and up or down gets the direction of the larger
 * angle.
 */
export const headPoseWord = (pose: Pick<HeadPose, 'yawRad' | 'pitchRad'>): HeadPoseWord => {
  const across = pose.yawRad / (18 * deg);
  const along = pose.pitchRad / (pose.pitchRad > 0 ? 16 * deg : 18 * deg);
  if (Math.max(Math.abs(across), Math.abs(along)) < 1) return 'forward';
  if (Math.abs(across) >= Math.abs(along)) return across > 0 ? 'right' : 'left';
  return along > 0 ? 'up' : 'down';
};
