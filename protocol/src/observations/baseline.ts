import type { Features } from '../feature-frame.ts';

/**
 * The student's own usual readings, learned from the first minutes in which a single face was seen. Rules that compare with it
 * take a squint, glasses or a low camera for what they are: how this student sits, not an event.
 */
export interface Baseline {
  /** Radians, camera's frame. Held within `maxOffsetRad`, so that nobody can make a turned head the norm. */
  head_yaw: number;
  head_pitch: number;
  /** Centre and width of the face box, in widths of the picture. */
  face_x: number;
  face_y: number;
  face_w: number;
}

/** Running sums; plain JSON. */
export interface BaselineState {
  frames: number;
  sums: Baseline;
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
});

/** The readings of a frame that a baseline can take, null where one is missing. */
export const usualReadings = (frame: Features): Baseline | null => {
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

const isNear = (state: BaselineState, usual: Baseline): boolean => {
  const known = baselineOf(state);
  if (known === null) return true;
  const moved = Math.hypot(usual.face_x - known.face_x, usual.face_y - known.face_y);
  return (
    Math.abs(usual.head_yaw - known.head_yaw) <= nearRad &&
    Math.abs(usual.head_pitch - known.head_pitch) <= nearRad &&
    moved <= known.face_w
  );
};

export const stepBaseline = (state: BaselineState, frame: Features): BaselineState => {
  if (state.frames >= finalFrames) return state;
  const usual = usualReadings(frame);
  if (usual === null || Math.abs(usual.head_yaw) > usualRad || Math.abs(usual.head_pitch) > usualRad) return state;
  if (!isNear(state, usual)) return state;
  const { sums } = state;
  return {
    frames: state.frames + 1,
    sums: {
      head_yaw: sums.head_yaw + usual.head_yaw,
      head_pitch: sums.head_pitch + usual.head_pitch,
      face_x: sums.face_x + usual.face_x,
      face_y: sums.face_y + usual.face_y,
      face_w: sums.face_w + usual.face_w,
    },
  };
};

const held = (valueRad: number): number => Math.max(-maxOffsetRad, Math.min(maxOffsetRad, valueRad));

export const baselineOf = ({ frames, sums }: BaselineState): Baseline | null =>
  frames < enoughFrames
    ? null
    : {
        head_yaw: held(sums.head_yaw / frames),
        head_pitch: held(sums.head_pitch / frames),
        face_x: sums.face_x / frames,
        face_y: sums.face_y / frames,
        face_w: sums.face_w / frames,
      };
