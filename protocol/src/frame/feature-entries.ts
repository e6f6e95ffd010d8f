import * as v from 'valibot';
import { CalibrationSchema } from './calibration.ts';
import { gazeDirections, handSides, headPoses, readingGroups, unknownReasons } from './feature-vocabulary.ts';
import { ViolationSchema } from './violation.ts';

const reading = (min: number, max: number) =>
  v.optional(v.nullable(v.pipe(v.number(), v.finite(), v.minValue(min), v.maxValue(max))));
const count = (max: number) => v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(max))));
const flag = v.optional(v.nullable(v.picklist([0, 1])));
const px = reading(-100_000, 100_000);
const unit = reading(0, 1);
const percent = reading(0, 100);
const durationMs = reading(0, 86_400_000);
/** Slightly more than π, because senders round. */
const maxAngleRad = Math.PI + 1e-4;
const angleRad = reading(-maxAngleRad, maxAngleRad);

/**
 * The numbers read from one webcam frame. Names and shapes of the first group are those of the documented session
 * channel; the others are ours and may be absent.
 *
 * Frame of reference: `face_*`, `phone_*` and `hand_*` boxes are camera pixels, origin top left, x to the image's right;
 * `…_x` and `…_y` are the centre of the box. Head angles are radians in the camera's frame with the signs of
 * AFLW2000/300W-LP (positive yaw faces image-left, positive pitch looks up). `…_conf` is 0–100; flags are 0 or 1.
 * Unknown is `null` or absent, never 0 and never "center"; `unknown` gives the reason.
 */
export const featureEntries = {
  /** 1 if at least one face was found. */
  face_present: flag,
  /** Faces in the image, exact up to 4. */
  no_of_face: count(100),
  /** Centre of the student's face box, pixels from the image's left edge. */
  face_x: px,
  /** Centre of the student's face box, pixels from the image's top edge. */
  face_y: px,
  /** Width of the face box, pixels. */
  face_w: reading(0, 100_000),
  /** Height of the face box, pixels. */
  face_h: reading(0, 100_000),
  /** Confidence of the face, percent. */
  face_conf: percent,
  /** Radians; positive faces image-left. */
  head_yaw: angleRad,
  /** Radians; positive looks up. */
  head_pitch: angleRad,
  /** Radians; positive leans clockwise in the image. */
  head_roll: angleRad,
  /** Coarse head pose, the student's own left and right. */
  head_pose: v.optional(v.nullable(v.picklist(headPoses))),
  /** 1 if the gaze point lies in the exam's area. */
  gaze_on_script: flag,
  /** Coarse gaze direction on the screen, the student's own left and right. */
  gaze_direction: v.optional(v.nullable(v.picklist(gazeDirections))),
  /** Gaze point, CSS pixels from the left of the exam's viewport; only after calibration. */
  gazePoint_x: px,
  /** Gaze point, CSS pixels from the top of the exam's viewport; only after calibration. */
  gazePoint_y: px,
  /** 1 if a phone is visible. */
  phone_present: flag,
  /** Confidence of the phone, percent. */
  phone_conf: percent,
  /** Hands in the image. */
  hand_count: count(20),

  /** Horizontal drift correction that was added to the calibrated gaze point, CSS pixels; sent when it changes. */
  gaze_drift_x: px,
  /** Vertical drift correction, CSS pixels; sent when it changes. */
  gaze_drift_y: px,
  /** Outcome of gaze calibration; sent in the first frame and whenever it changes. */
  calibration: v.optional(v.nullable(CalibrationSchema)),

  /** Centre of the phone's box, pixels. */
  phone_x: px,
  /** Centre of the phone's box, pixels. */
  phone_y: px,
  /** Width of the phone's box, pixels. */
  phone_w: reading(0, 100_000),
  /** Height of the phone's box, pixels. */
  phone_h: reading(0, 100_000),
  /** Centre of the box of the hand that was detected with the highest confidence, pixels. */
  hand_x: px,
  /** Centre of that hand's box, pixels. */
  hand_y: px,
  /** Width of that hand's box, pixels. */
  hand_w: reading(0, 100_000),
  /** Height of that hand's box, pixels. */
  hand_h: reading(0, 100_000),
  /** Which of the person's own hands it is. */
  hand_side: v.optional(v.nullable(v.picklist(handSides))),
  /** 1 if a hand overlaps the widened face box. */
  hand_near_face: flag,
  /** 1 if a hand holds an object. */
  hand_holding_object: flag,
  /** Faces classified as photos or posters, because they did not move at all; not counted in `no_of_face`. */
  still_faces: count(100),
  /** Student's own left eye: 0 closed … 1 wide open. */
  eye_open_left: unit,
  /** Student's own right eye: 0 closed … 1 wide open. */
  eye_open_right: unit,
  /** Blinks of both eyes a minute, over the last minute. Estimated from sparse samples: accurate to about a third. */
  blink_rate_per_min: reading(0, 1000),
  /** 0 closed … 1 wide open. */
  mouth_open: unit,
  /** 1 while the mouth moves as in speech. Only movement is read; no audio is recorded. */
  mouth_moving: flag,

  /** Mean luma, 0 black … 1 white. */
  image_brightness: unit,
  /** Standard deviation of luma divided by its greatest possible value, 0.5: 0–1. */
  image_contrast: unit,
  /** 0 blurred … 1 sharp. */
  image_sharpness: unit,
  /** 1 if the lens is covered or the image is black. */
  image_obstructed: flag,
  /** 1 if the image has stopped changing. */
  image_frozen: flag,
  /** Time since the image last changed, milliseconds. */
  image_frozen_for_ms: durationMs,
  /** 1 while bit-identical images recur after a long time, as from a looped recording; absent otherwise. */
  image_replayed: flag,
  /** Width of the camera image, pixels. */
  image_width: reading(0, 100_000),
  /** Height of the camera image, pixels. */
  image_height: reading(0, 100_000),
  /** 1 if the camera's name or `image_replayed` suggests a virtual camera; absent otherwise. A hint, never proof. */
  virtual_camera_hint: flag,
  /** Number of cameras that the browser lists, if more than one. */
  camera_count: count(100),
  /** 1 while the exam's tab is hidden. */
  page_hidden: flag,
  /** 1 while the browser does not store data for the page, so that a reload loses pending frames; otherwise absent. */
  storage_missing: flag,
  /** 1 if the browser has no Web Locks, so that a second tab could run the same session; otherwise absent. */
  lock_missing: flag,
  /** Violations since the last frame. They travel with the frame, so each is delivered exactly once, like the frame. */
  page_violations: v.optional(v.nullable(v.pipe(v.array(ViolationSchema), v.maxLength(50)))),
  /** Number of further violations that did not fit into `page_violations`. */
  page_violations_dropped: count(1_000_000),

  /** TensorFlow.js backend that read the image. */
  engine_backend: v.optional(v.nullable(v.picklist(['wasm', 'webgl', 'webgpu', 'cpu']))),
  /** Time from camera frame to readings, milliseconds. */
  engine_latency_ms: durationMs,
  /** Duration of the last face detection, milliseconds. */
  engine_face_ms: durationMs,
  /** Duration of the last phone detection, milliseconds. */
  engine_object_ms: durationMs,
  /** Duration of the last hand detection, milliseconds. */
  engine_hand_ms: durationMs,
  /** Scheduled frames that were skipped since the last feature frame because the previous one was still being read. */
  engine_skipped: count(1_000_000),
  // Rates, load and budget are sent every two seconds.
  /** Achieved face detections per second, over the last ten seconds. */
  engine_face_hz: reading(0, 1000),
  /** Achieved phone detections per second. */
  engine_object_hz: reading(0, 1000),
  /** Achieved hand detections per second. */
  engine_hand_hz: reading(0, 1000),
  /** Face detections per second that the CPU budget allows. */
  engine_face_plan_hz: reading(0, 1000),
  /** Phone detections per second that the CPU budget allows. */
  engine_object_plan_hz: reading(0, 1000),
  /** Hand detections per second that the CPU budget allows. */
  engine_hand_plan_hz: reading(0, 1000),
  /** CPU use over the last ten seconds, as a share of one core. */
  engine_load: reading(0, 64),
  /** Current CPU budget, as a share of one core. */
  engine_budget: reading(0, 64),
  /** Why the budget is below the configured one. */
  engine_budget_hint: v.optional(v.nullable(v.picklist(['battery', 'pressure']))),

  /** Milliseconds that were added to the device's clock to get `timestamp`; absent if that clock was right. */
  clock_corrected_ms: reading(-8.64e15, 8.64e15),

  /** Set if nothing could be observed in this frame; all readings are then unknown. */
  not_observed: v.optional(v.nullable(v.picklist(unknownReasons))),
  /** Reason by group, for readings that are unknown in an otherwise observed frame. */
  unknown: v.optional(v.nullable(v.record(v.picklist(readingGroups), v.picklist(unknownReasons)))),
} as const;
