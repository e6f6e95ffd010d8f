import type { BaselinePose, CalibrationOutcome } from './gaze-calibration.ts';
import { fitGaze } from './gaze-fit.ts';
import { median } from './gaze-sample.ts';
import type { GazeSample } from './gaze-sample.ts';
import { degreesOf } from './viewing-angle.ts';
import type { ViewportPlace } from './viewport-place.ts';

/** Still targets, of nine, that must count. */
export const fewestTargets = 7;
/** Six degrees are a sixth of a laptop's screen; with a larger error, the nine directions are as informative. */
const mostErrorDeg = 6;
/** Multiple of the error of always guessing the middle; for small windows, which span only a few degrees. */
const mostOfBlind = 0.5;

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

/** Fits and evaluates. Pure. */
export const calibrateGaze = (
  samples: readonly GazeSample[],
  { atMs, viewport }: { atMs: number; viewport: ViewportPlace },
): CalibrationOutcome => {
  const stillTargets = new Set(samples.map(({ group }) => group).filter((group) => group.startsWith('still'))).size;
  const fit = stillTargets < fewestTargets ? null : fitGaze(samples);
  if (fit === null) return { ok: false, reason: 'few_readings', errorPx: null, atMs };
  const errorPx = fit.heldOutErrorPx;
  if (degreesOf(errorPx) > mostErrorDeg || errorPx > mostOfBlind * fit.blindErrorPx) {
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
