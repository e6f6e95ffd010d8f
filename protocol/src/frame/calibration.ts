import * as v from 'valibot';

/** `too_poor`: tried, and not used. `drifted`: no longer used, because it had moved too far. Both leave the nine directions. */
export const CALIBRATION_OUTCOMES = ['calibrated', 'too_poor', 'drifted'] as const;
export type CalibrationOutcome = (typeof CALIBRATION_OUTCOMES)[number];

const number = v.pipe(v.number(), v.finite(), v.minValue(-1_000_000), v.maxValue(1_000_000));
const unsigned = v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(1_000_000));
const known = <S extends typeof number | typeof unsigned>(schema: S) => v.optional(v.nullable(schema), null);

/** How the gaze of a sitting was calibrated, and how the student sat then, so that a later moment can be compared with it. */
export const CalibrationSchema = v.object({
  state: v.picklist(CALIBRATION_OUTCOMES),
  /** When, milliseconds since the Unix epoch. */
  at: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(8.64e15)),
  /** Mean error at places that the fit did not know, CSS pixels. */
  error_px: known(unsigned),
  /** The same as an angle, for a screen of 96 CSS pixels an inch that is 60 cm away. */
  error_deg: known(unsigned),
  targets: known(unsigned),
  samples: known(unsigned),
  /** CSS pixels. */
  viewport_width: known(unsigned),
  viewport_height: known(unsigned),
  /** Medians during the calibration: radians, and centimetres from the camera (to the student's right, up, away). */
  head_yaw: known(number),
  head_pitch: known(number),
  head_x_cm: known(number),
  head_y_cm: known(number),
  head_z_cm: known(number),
});
export type Calibration = v.InferOutput<typeof CalibrationSchema>;
