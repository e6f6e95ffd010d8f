import type { Features } from '../frame/feature-frame.ts';

/** Detects readings that repeat to the last digit; a living person's never do. Plain JSON. */
export interface StaticReadings {
  /** Hashes of the latest frames' readings, in a ring. */
  recent: readonly number[];
  last: number | null;
  constantMs: number;
  repeatedMs: number;
}

/** About a minute at 4 frames a second: a loop up to this length is detected. */
const recentFrames = 256;

export const startStaticReadings = (): StaticReadings => ({ recent: [], last: null, constantMs: 0, repeatedMs: 0 });

/** FNV-1a, 32 bits: among 256 different readings, the chance that a new one collides is 6e-8. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return hash;
};

/** Null without a face, because an empty room does not vary. */
const readingsOf = (frame: Features): number | null => {
  const { face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll } = frame;
  if (face_x == null || face_y == null || head_yaw == null) return null;
  return hashOf([face_x, face_y, face_w, face_h, head_yaw, head_pitch, head_roll].join());
};

/** Adds a frame. @param elapsedMs since the previous frame */
export const stepStaticReadings = (before: StaticReadings, frame: Features, elapsedMs: number): StaticReadings => {
  const now = readingsOf(frame);
  if (now === null) return before;
  const constant = now === before.last ? elapsedMs : 0;
  const repeated = constant === 0 && before.recent.includes(now) ? elapsedMs : 0;
  return {
    // A constant reading is not added again, so that it does not push other readings of a loop out of the ring.
    recent: constant > 0 || repeated > 0 ? before.recent : [...before.recent, now].slice(-recentFrames),
    last: now,
    constantMs: before.constantMs + constant,
    repeatedMs: before.repeatedMs + repeated,
  };
};

/** A living face moves by more than this from frame to frame (pixels, radians). The engine's readings are ten times as precise. */
const coarseStep = { px: 0.5, rad: 0.005 };

const coarsely = (value: number | null | undefined, step: number): number | null =>
  value == null ? null : Math.round(value / step);

/** The readings without their last digits, so that jitter in those digits does not pass for a living face. */
export const coarseReadings = (frame: Features): Features => ({
  face_x: coarsely(frame.face_x, coarseStep.px),
  face_y: coarsely(frame.face_y, coarseStep.px),
  face_w: coarsely(frame.face_w, coarseStep.px),
  face_h: coarsely(frame.face_h, coarseStep.px),
  head_yaw: coarsely(frame.head_yaw, coarseStep.rad),
  head_pitch: coarsely(frame.head_pitch, coarseStep.rad),
  head_roll: coarsely(frame.head_roll, coarseStep.rad),
});
