import * as v from 'valibot';

/**
 * Result of a gaze calibration. `too_poor`: the fit was too inaccurate and is not used. `drifted`: the fit was used and
 * then discarded because it had drifted too far. In both cases only the nine gaze directions remain.
 */
const calibrationOutcomes = ['calibrated', 'too_poor', 'drifted'] as const;

const number = v.pipe(v.number(), v.finite(), v.minValue(-1_000_000), v.maxValue(1_000_000));
const unsigned = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000_000));
const nullable = <S extends typeof number | typeof unsigned>(schema: S) => v.optional(v.nullable(schema), null);

/**
 * How the gaze of a session was calibrated, and the student's posture at that time, so that later readings can be
 * compared with it. A missing number is read as null (unknown).
 */
export const CalibrationSchema = v.object({
  state: v.picklist(calibrationOutcomes),
  /** When the calibration finished: client clock, milliseconds since the Unix epoch. */
  at: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15)),
  /** Mean error at validation targets, which the fit was not trained on, CSS pixels. */
  error_px: nullable(unsigned),
  /** The same error as a visual angle in degrees, for a screen of 96 CSS pixels an inch viewed from 60 cm. */
  error_deg: nullable(unsigned),
  /** Number of targets that the student looked at. */
  targets: nullable(unsigned),
  /** Number of frames that the fit used. */
  samples: nullable(unsigned),
  /** Viewport at the time, CSS pixels. */
  viewport_width: nullable(unsigned),
  viewport_height: nullable(unsigned),
  /** Median head angles during the calibration: radians in the camera's frame, signs as in `Features`. */
  head_yaw: nullable(number),
  head_pitch: nullable(number),
  /** Median head position during the calibration, centimetres from the camera: to the student's right, up, away. */
  head_x_cm: nullable(number),
  head_y_cm: nullable(number),
  head_z_cm: nullable(number),
});
export type Calibration = v.InferOutput<typeof CalibrationSchema>;
