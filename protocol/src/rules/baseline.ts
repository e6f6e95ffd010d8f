import type { Features } from '../frame/feature-frame.ts';

/** Centre and width of the face box, as multiples of the image's width; origin top left. */
interface Place {
  face_x: number;
  face_y: number;
  face_w: number;
}

/** Radians in the camera's frame, signs as in `Features`. */
interface HeadAngles {
  head_yaw: number;
  head_pitch: number;
}

/**
 * A student's baseline: mean readings of the first minutes with a single face, or until then those of the calibration. Rules
 * compare with it, so that a low camera, glasses or a screen at the side do not look like an event. A baseline
 * never creates an observation; from rule set 3 on it marks one as usual for this student, sets 1 and 2 left it out.
 */
export interface Baseline extends HeadAngles {
  /** Null until enough frames were counted. */
  place: Place | null;
}

/** Running sums. Plain JSON. */
export interface BaselineState {
  frames: number;
  sums: HeadAngles & Place;
  /** Head angles at the gaze calibration. */
  calibrated: HeadAngles | null;
}

/** A baseline is usable after 10 s and final after 2 min, at 5 frames a second. */
const enoughFrames = 50;
const finalFrames = 600;
/** Largest offset of a baseline from the camera, 15°: enough for a screen at the side or a camera above it. */
const maxOffsetRad = (15 * Math.PI) / 180;
/** Once usable, only frames within 12° of the baseline update it: an early event must not become the norm. */
const nearRad = (12 * Math.PI) / 180;
/** Heads turned further than 35° do not count towards the baseline. */
const maxCountedRad = (35 * Math.PI) / 180;

export const startBaseline = (): BaselineState => ({
  frames: 0,
  sums: { head_yaw: 0, head_pitch: 0, face_x: 0, face_y: 0, face_w: 0 },
  calibrated: null,
});

/** The readings of a frame that a baseline needs; null if any is unknown or there is not exactly one face. */
export const baselineReadings = (frame: Features): (HeadAngles & Place) | null => {
  const { head_yaw, head_pitch, face_x, face_y, face_w, image_width } = frame;
  if (frame.no_of_face !== 1 || head_yaw == null || head_pitch == null) return null;
  if (face_x == null || face_y == null || face_w == null || !image_width) return null;
  return {
    head_yaw,
    head_pitch,
    face_x: face_x / image_width,
    face_y: face_y / image_width,
    face_w: face_w / image_width,
  };
};

const isNear = (state: BaselineState, now: HeadAngles & Place): boolean => {
  const known = baselineOf(state);
  // The student may have calibrated in another posture, so a calibration alone does not exclude frames.
  if (known === null || known.place === null) return true;
  const { place } = known;
  return (
    Math.abs(now.head_yaw - known.head_yaw) <= nearRad &&
    Math.abs(now.head_pitch - known.head_pitch) <= nearRad &&
    Math.hypot(now.face_x - place.face_x, now.face_y - place.face_y) <= place.face_w
  );
};

const withCalibration = (state: BaselineState, { calibration }: Features): BaselineState => {
  const { head_yaw, head_pitch } = calibration ?? {};
  return head_yaw == null || head_pitch == null ? state : { ...state, calibrated: { head_yaw, head_pitch } };
};

/** Adds one frame to the baseline. Pure. */
export const stepBaseline = (before: BaselineState, frame: Features): BaselineState => {
  const state = withCalibration(before, frame);
  if (state.frames >= finalFrames) return state;
  const now = baselineReadings(frame);
  if (now === null || Math.abs(now.head_yaw) > maxCountedRad || Math.abs(now.head_pitch) > maxCountedRad) return state;
  if (!isNear(state, now)) return state;
  const { sums } = state;
  return {
    ...state,
    frames: state.frames + 1,
    sums: {
      head_yaw: sums.head_yaw + now.head_yaw,
      head_pitch: sums.head_pitch + now.head_pitch,
      face_x: sums.face_x + now.face_x,
      face_y: sums.face_y + now.face_y,
      face_w: sums.face_w + now.face_w,
    },
  };
};

/** So that a student cannot make a turned head the norm. */
const clamped = (rad: number): number => Math.max(-maxOffsetRad, Math.min(maxOffsetRad, rad));

const fromCalibration = ({ head_yaw, head_pitch }: HeadAngles): Baseline => ({
  head_yaw: clamped(head_yaw),
  head_pitch: clamped(head_pitch),
  place: null,
});

/** The baseline so far; null until the calibration or 10 s of frames define one. */
export const baselineOf = ({ frames, sums, calibrated }: BaselineState): Baseline | null => {
  if (frames < enoughFrames) return calibrated === null ? null : fromCalibration(calibrated);
  return {
    head_yaw: clamped(sums.head_yaw / frames),
    head_pitch: clamped(sums.head_pitch / frames),
    place: { face_x: sums.face_x / frames, face_y: sums.face_y / frames, face_w: sums.face_w / frames },
  };
};
