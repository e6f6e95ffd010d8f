import type { Calibration } from '@invigil/protocol/frame';
import type { GazeWeights } from './predict-gaze.ts';
import type { PointPx } from './gaze-sample.ts';
import type { CalibrationShortcoming } from './calibration-state.ts';
import { degreesOf } from './viewing-angle.ts';
import type { ViewportPlace } from './viewport-place.ts';

/** The student's posture during calibration: medians. */
export interface BaselinePose {
  headYawRad: number;
  headPitchRad: number;
  headXCm: number;
  headYCm: number;
  headZCm: number;
}

/** A calibration that is accurate enough to be used; plain JSON. */
export interface GazeCalibration {
  weights: GazeWeights;
  errorPx: number;
  samples: number;
  targets: number;
  /** Unix epoch, milliseconds. */
  atMs: number;
  viewport: ViewportPlace;
  usual: BaselinePose;
  /** Corrections so far, CSS pixels. */
  drift: PointPx;
}

export type CalibrationOutcome =
  | { ok: true; calibration: GazeCalibration }
  | { ok: false; reason: CalibrationShortcoming; errorPx: number | null; atMs: number };

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** The calibration as stored with the session. */
export const calibrationFacts = (
  { errorPx, samples, targets, atMs, viewport, usual }: GazeCalibration,
  state: 'calibrated' | 'drifted',
): Calibration => ({
  state,
  at: Math.round(atMs),
  error_px: Math.round(errorPx),
  error_deg: rounded(degreesOf(errorPx), 2),
  targets,
  samples,
  viewport_width: viewport.widthPx,
  viewport_height: viewport.heightPx,
  head_yaw: rounded(usual.headYawRad, 3),
  head_pitch: rounded(usual.headPitchRad, 3),
  head_x_cm: rounded(usual.headXCm, 1),
  head_y_cm: rounded(usual.headYCm, 1),
  head_z_cm: rounded(usual.headZCm, 1),
});

/** The same for a calibration that was too inaccurate to use. */
export const shortcomingFacts = ({ errorPx, atMs }: Extract<CalibrationOutcome, { ok: false }>): Calibration => ({
  state: 'too_poor',
  at: Math.round(atMs),
  error_px: errorPx === null ? null : Math.round(errorPx),
  error_deg: errorPx === null ? null : rounded(degreesOf(errorPx), 2),
  targets: null,
  samples: null,
  viewport_width: null,
  viewport_height: null,
  head_yaw: null,
  head_pitch: null,
  head_x_cm: null,
  head_y_cm: null,
  head_z_cm: null,
});
