import { gazeDirections } from '../frame/feature-vocabulary.ts';
import { isObserved } from '../frame/feature-frame.ts';
import type { Features } from '../frame/feature-frame.ts';

interface ReplayColumn {
  /** Units per step of the stored integer. */
  scale: number;
  read: (frame: Features) => number | null | undefined;
}

const angle = 1e-4;
const unit = 1e-4;
const percent = 0.01;

const of = (name: keyof Features, scale = 1): ReplayColumn => ({
  scale,
  read: (frame) => {
    const value = frame[name];
    return typeof value === 'number' ? value : null;
  },
});

/** The readings of a replay, in the order of their columns. Units and frames of reference are those of the feature frame. */
export const replayColumns = {
  /** 1 if the student could be observed in this frame. */
  observed: { scale: 1, read: (frame) => (isObserved(frame) ? 1 : 0) },
  no_of_face: of('no_of_face'),
  face_x: of('face_x'),
  face_y: of('face_y'),
  face_w: of('face_w'),
  face_h: of('face_h'),
  head_yaw: of('head_yaw', angle),
  head_pitch: of('head_pitch', angle),
  head_roll: of('head_roll', angle),
  eye_open_left: of('eye_open_left', unit),
  eye_open_right: of('eye_open_right', unit),
  mouth_open: of('mouth_open', unit),
  mouth_moving: of('mouth_moving'),
  /** Index in `gazeDirections`. */
  gaze_direction: {
    scale: 1,
    read: ({ gaze_direction: direction }) => (direction == null ? null : gazeDirections.indexOf(direction)),
  },
  gaze_on_script: of('gaze_on_script'),
  phone_present: of('phone_present'),
  phone_conf: of('phone_conf', percent),
  phone_x: of('phone_x'),
  phone_y: of('phone_y'),
  phone_w: of('phone_w'),
  phone_h: of('phone_h'),
  hand_count: of('hand_count'),
  hand_x: of('hand_x'),
  hand_y: of('hand_y'),
  hand_w: of('hand_w'),
  hand_h: of('hand_h'),
  image_width: of('image_width'),
  image_height: of('image_height'),
  image_brightness: of('image_brightness', unit),
} as const satisfies Record<string, ReplayColumn>;

export type ReplayColumnName = keyof typeof replayColumns;
