import type { Features } from '../frame/feature-frame.ts';

/** Centre and width of the face box, in widths of the picture. */
interface Place {
  face_x: number;
  face_y: number;
  face_w: number;
}

/** Radians, camera's frame. */
interface HeadAngles {
  head_yaw: number;
  head_pitch: number;
}

/**
 * The student's own usual readings: those of the calibration, and then of the first minutes in which a single face was seen. Rules that compare
 * with it take a squint, glasses or a low camera for what they are: how this student sits, not an event.
 */
export interface Baseline extends HeadAngles {
  /** Null until the first minutes tell it. */
  place: Place | null;
}

/** Running sums; plain JSON. */
export interface BaselineState {
  frames: number;
  sums: HeadAngles & Place;
  /** How the head was held when the gaze was calibrated. */
  calibrated: HeadAngles | null;
}

/** 10 s at 5 frames a second before it counts at all, 2 min before it is final. */
const enoughFrames = 50;
const finalFrames = 600;
/** 15°: a screen at the side or a camera above it. */
const maxOffsetRad = (15 * Math.PI) / 180;
/** Once something is usual, only what is near it adds to it: an early event must not become the norm. */
const nearRad = (12 * Math.PI) / 180;
/** Heads turned further than 35° tell nothing of how the student usually sits. */
const usualRad = (35 * Math.PI) / 180;

export const startBaseline = (): BaselineState => ({
  frames: 0,
  sums: { head_yaw: 0, head_pitch: 0, face_x: 0, face_y: 0, face_w: 0 },
  calibrated: null,
});

/** The readings of a frame that a baseline can take, null where one is missing. */
export const usualReadings = (frame: Features): (HeadAngles & Place) | null => {
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
  // The calibration may have been made in another posture: the first minutes are what they are.
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

export const stepBaseline = (before: BaselineState, frame: Features): BaselineState => {
  const state = withCalibration(before, frame);
  if (state.frames >= finalFrames) return state;
  const now = usualReadings(frame);
  if (now === null || Math.abs(now.head_yaw) > usualRad || Math.abs(now.head_pitch) > usualRad) return state;
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

/** Held within `maxOffsetRad`, so that nobody can make a turned head the norm. */
const held = ({ head_yaw, head_pitch }: HeadAngles): HeadAngles => ({
  head_yaw: Math.max(-maxOffsetRad, Math.min(maxOffsetRad, head_yaw)),
  head_pitch: Math.max(-maxOffsetRad, Math.min(maxOffsetRad, head_pitch)),
});

export const baselineOf = ({ frames, sums, calibrated }: BaselineState): Baseline | null => {
  if (frames < enoughFrames) return calibrated === null ? null : { ...held(calibrated), place: null };
  return {
    ...held({ head_yaw: sums.head_yaw / frames, head_pitch: sums.head_pitch / frames }),
    place: { face_x: sums.face_x / frames, face_y: sums.face_y / frames, face_w: sums.face_w / frames },
  };
};
