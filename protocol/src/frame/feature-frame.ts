import * as v from 'valibot';
import { CalibrationSchema } from './calibration.ts';
import { ViolationSchema } from '../channels/violation.ts';

/**
 * The numbers read from one webcam frame. Names and shapes of the first group are those of the documented
 * session channel; the others are ours and may be absent.
 *
 * Frame of reference: `face_*` and `phone_*` boxes are camera pixels, origin top left, x to the image's right.
 * Head angles are radians in the camera's frame with the signs of AFLW2000/300W-LP (positive yaw faces image-left,
 * positive pitch looks up). `head_pose` and `gaze_direction` are said as the student would say them (their own left).
 * Unknown is `null` or absent, never 0 and never "center"; `unknown` gives the reason.
 */

export const HEAD_POSES = ['forward', 'left', 'right', 'up', 'down'] as const;
export const GAZE_DIRECTIONS = [
  'top_left',
  'top',
  'top_right',
  'left',
  'center',
  'right',
  'bottom_left',
  'bottom',
  'bottom_right',
] as const;

export const HAND_SIDES = ['left', 'right'] as const;

/** Groups of readings that can be unknown together. */
export const READING_GROUPS = ['face', 'head', 'gaze', 'eyes', 'mouth', 'phone', 'hands', 'quality'] as const;

/** Why a reading, or a whole frame, is unknown. */
export const UNKNOWN_REASONS = [
  'camera_starting',
  'camera_lost',
  'worker_restarted',
  'paused',
  'obstructed',
  'frozen',
  'too_dark',
  'too_bright',
  'blurred',
  'face_too_small',
  'face_cut_off',
  'head_turned',
  'eyes_closed',
  'no_face',
  'not_due',
  'not_calibrated',
  'model_missing',
  'detector_failed',
] as const;

export type HeadPose = (typeof HEAD_POSES)[number];
export type GazeDirection = (typeof GAZE_DIRECTIONS)[number];
export type HandSide = (typeof HAND_SIDES)[number];
export type ReadingGroup = (typeof READING_GROUPS)[number];
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

const reading = (min: number, max: number) =>
  v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max))));
const count = (max: number) => v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))));
const flag = v.optional(v.nullable(v.picklist([0, 1])));
const px = reading(-100_000, 100_000);
const unit = reading(0, 1);
const percent = reading(0, 100);
const durationMs = reading(0, 86_400_000);
/** A hair over π, because a sender may round. */
const maxAngleRad = Math.PI + 1e-4;
const angleRad = reading(-maxAngleRad, maxAngleRad);

export const featureEntries = {
  face_present: flag,
  /** Faces in the picture, exact up to 4. */
  no_of_face: count(100),
  /** Centre of the student's face box. */
  face_x: px,
  face_y: px,
  face_w: reading(0, 100_000),
  face_h: reading(0, 100_000),
  face_conf: percent,
  head_yaw: angleRad,
  head_pitch: angleRad,
  head_roll: angleRad,
  head_pose: v.optional(v.nullable(v.picklist(HEAD_POSES))),
  /** 1 when the gaze point lies in the exam's area. */
  gaze_on_script: flag,
  gaze_direction: v.optional(v.nullable(v.picklist(GAZE_DIRECTIONS))),
  /** CSS pixels in the exam's viewport; only after calibration. */
  gazePoint_x: px,
  gazePoint_y: px,
  phone_present: flag,
  phone_conf: percent,
  hand_count: count(20),

  /** What is added to the calibrated point because drift was noticed, CSS pixels; stated when it changes. */
  gaze_drift_x: px,
  gaze_drift_y: px,
  /** In the first frame, and whenever it changes. */
  calibration: v.optional(v.nullable(CalibrationSchema)),

  phone_x: px,
  phone_y: px,
  phone_w: reading(0, 100_000),
  phone_h: reading(0, 100_000),
  /** Centre and size of the surest hand's box. */
  hand_x: px,
  hand_y: px,
  hand_w: reading(0, 100_000),
  hand_h: reading(0, 100_000),
  /** Which of the person's own hands that is. */
  hand_side: v.optional(v.nullable(v.picklist(HAND_SIDES))),
  hand_near_face: flag,
  hand_holding_object: flag,
  /** Faces that have been perfectly still so long that they are taken for pictures; not in `no_of_face`. */
  still_faces: count(100),
  /** 0 closed … 1 wide open, of the student's own left and right eye. */
  eye_open_left: unit,
  eye_open_right: unit,
  /** Of both eyes over the last minute, from looks that meet a blink by chance: good to about a third. */
  blink_rate_per_min: reading(0, 1000),
  /** 0 closed … 1 wide open. */
  mouth_open: unit,
  /** 1 while the mouth moves as in speech. A movement, not words: there is no sound. */
  mouth_moving: flag,

  /** Mean luma, 0 black … 1 white. */
  image_brightness: unit,
  /** Standard deviation of luma over its greatest possible value, 0.5. */
  image_contrast: unit,
  image_sharpness: unit,
  image_obstructed: flag,
  image_frozen: flag,
  /** How long the picture has not changed, milliseconds. */
  image_frozen_for_ms: durationMs,
  /** 1 while pictures come back to the bit long after, as from a recording in a loop; absent otherwise. */
  image_replayed: flag,
  image_width: reading(0, 100_000),
  image_height: reading(0, 100_000),
  /** 1 when the camera's name or `image_replayed` hints at a program instead of a device; absent otherwise. Never proof. */
  virtual_camera_hint: flag,
  /** Cameras that the browser lists, when there are several. */
  camera_count: count(100),
  page_hidden: flag,
  /** What the page saw since the last frame. It travels with the frame, so it is delivered exactly once, like the frame. */
  page_violations: v.optional(v.nullable(v.pipe(v.array(ViolationSchema), v.maxLength(50)))),
  /** What the page saw besides and had no room for. */
  page_violations_dropped: count(1_000_000),

  engine_backend: v.optional(v.nullable(v.picklist(['wasm', 'webgl', 'webgpu', 'cpu']))),
  /** Camera frame to readings. */
  engine_latency_ms: durationMs,
  engine_face_ms: durationMs,
  engine_object_ms: durationMs,
  engine_hand_ms: durationMs,
  /** Beats of the steady pace that were passed over since the last feature frame, because reading took longer. */
  engine_skipped: count(1_000_000),
  /** Achieved rates of the detectors over the last ten seconds, runs a second. These and the next are stated every two seconds. */
  engine_face_hz: reading(0, 1000),
  engine_object_hz: reading(0, 1000),
  engine_hand_hz: reading(0, 1000),
  /** The rates that the budget has room for. */
  engine_face_plan_hz: reading(0, 1000),
  engine_object_plan_hz: reading(0, 1000),
  engine_hand_plan_hz: reading(0, 1000),
  /** Share of one core that the engine used over the last ten seconds. */
  engine_load: reading(0, 64),
  /** Share of one core that it may use now, and why that is less than the exam page asked for. */
  engine_budget: reading(0, 64),
  engine_budget_hint: v.optional(v.nullable(v.picklist(['battery', 'pressure']))),

  /** What was added to the device's clock to get `timestamp`, milliseconds; absent where that clock was right. */
  clock_corrected_ms: reading(-8.64e15, 8.64e15),

  /** Set when nothing could be observed in this frame; the readings are then all unknown. */
  not_observed: v.optional(v.nullable(v.picklist(UNKNOWN_REASONS))),
  /** Reasons by group, for the readings that are unknown in an otherwise observed frame. */
  unknown: v.optional(v.nullable(v.record(v.picklist(READING_GROUPS), v.picklist(UNKNOWN_REASONS)))),
} as const;

/** The readings of one frame, without its identity. Fields that are not named here are dropped. */
export const FeaturesSchema = v.object(featureEntries);
export type Features = v.InferOutput<typeof FeaturesSchema>;

/** A moment: milliseconds since the Unix epoch, or an ISO 8601 text (the documented server's own form). */
export const TimestampMsSchema = v.union([
  v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15)),
  v.pipe(
    v.string(),
    v.isoTimestamp(),
    v.transform((text) => Date.parse(text)),
  ),
]);

/** A sequenced frame as our client sends it: identified by (session_id, seq). */
export const FeatureFrameSchema = v.object({
  seq: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)),
  timestamp: TimestampMsSchema,
  ...featureEntries,
});
export type FeatureFrame = v.InferOutput<typeof FeatureFrameSchema>;

/**
 * A frame as it is stored, analysed and dumped. `frame_id` is `String(seq)` for sequenced frames and `srv-<n>` for
 * frames of the documented single shapes, which the server numbers itself in order of arrival.
 */
export interface StoredFrame extends Features {
  frame_id: string;
  seq: number;
  /** Client clock, milliseconds since the Unix epoch (the server's own where the client sent none). */
  timestamp: number;
  /** Server clock at acceptance, milliseconds since the Unix epoch. */
  received_at: number;
}

/** Whether anything of the student could be observed in this frame: someone looked for faces and could have found one. */
export const isObserved = (frame: Features): boolean =>
  (frame.not_observed ?? null) === null &&
  ((frame.no_of_face ?? null) !== null || (frame.face_present ?? null) !== null);

/** Why it could not be observed, for a frame that was not. */
export const notObservedReason = (frame: Features): UnknownReason =>
  frame.not_observed ?? frame.unknown?.face ?? 'detector_failed';
