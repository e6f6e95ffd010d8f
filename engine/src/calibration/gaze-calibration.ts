import type { Calibration } from '@invigil/protocol/frame';
import { fitGaze } from './gaze-fit.ts';
import type { GazeWeights } from './gaze-fit.ts';
import { median } from './gaze-sample.ts';
import type { GazeSample, PointPx } from './gaze-sample.ts';
import type { CalibrationShortcoming } from './calibration-state.ts';
import { degreesOf } from './viewing-angle.ts';
import type { ViewportPlace } from './viewport-place.ts';

/** How the student sat while calibrating: medians. */
export interface BaselinePose {
  headYawRad: number;
  headPitchRad: number;
  headXCm: number;
  headYCm: number;
  headZCm: number;
}

/** A calibration that is good enough to be used; plain JSON. */
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

/** Of the nine still targets. */
export const FEWEST_TARGETS = 7;
/** Six degrees are a sixth of a laptop's screen: beyond that, directions say as much. */
const MOST_ERROR_DEG = 6;
/** Of the error that guessing the middle makes; for small windows, where few degrees are the whole of it. */
const MOST_OF_BLIND = 0.5;

const baselinePose = (samples: readonly GazeSample[]): BaselinePose => {
  const of = (key: keyof BaselinePose): number => median(samples.map(({ signal }) => signal[key]));
  return {
    headYawRad: of('headYawRad'),
    headPitchRad: of('headPitchRad'),
    headXCm: of('headXCm'),
    headYCm: of('headYCm'),
    headZCm: of('headZCm'),
  };
};

/** Fits and judges. Pure. */
export const calibrateGaze = (
  samples: readonly GazeSample[],
  { atMs, viewport }: { atMs: number; viewport: ViewportPlace },
): CalibrationOutcome => {
  const stillTargets = new Set(samples.map(({ group }) => group).filter((group) => group.startsWith('still'))).size;
  const fit = stillTargets < FEWEST_TARGETS ? null : fitGaze(samples);
  if (fit === null) return { ok: false, reason: 'few_readings', errorPx: null, atMs };
  const errorPx = fit.heldOutErrorPx;
  if (degreesOf(errorPx) > MOST_ERROR_DEG || errorPx > MOST_OF_BLIND * fit.blindErrorPx) {
    return { ok: false, reason: 'inaccurate', errorPx, atMs };
  }
  const { weights, samples: used } = fit;
  const usual = baselinePose(samples);
  const drift = { x: 0, y: 0 };
  return {
    ok: true,
    calibration: { weights, errorPx, samples: used, targets: stillTargets, atMs, viewport, usual, drift },
  };
};

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** As the session keeps it. */
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

/** The same for one that was not good enough. */
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
