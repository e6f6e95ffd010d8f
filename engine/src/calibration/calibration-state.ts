/** Why a calibration was not good enough to be used. */
export type CalibrationShortcoming =
  /** The eyes were seen at too few of the targets. */
  | 'few_readings'
  /** Held-out error above the limit, or hardly better than guessing. */
  | 'inaccurate';

/** Gaze in this sitting. Without a calibration the nine directions are read. */
export type CalibrationState =
  | { state: 'none' }
  /** The student follows the targets. `step` counts from 1. */
  | { state: 'calibrating'; step: number; steps: number }
  | {
      state: 'calibrated';
      /** Unix epoch, milliseconds. */
      atMs: number;
      /** Mean distance at targets that the fit did not know: CSS pixels, and degrees for a screen 60 cm away. */
      errorPx: number;
      errorDeg: number;
      samples: number;
      targets: number;
      /** What is added since drift was noticed, CSS pixels. */
      driftXPx: number;
      driftYPx: number;
    }
  | { state: 'too_poor'; reason: CalibrationShortcoming; errorPx: number | null; errorDeg: number | null }
  /** It had moved further than is corrected quietly; calibrate again. */
  | { state: 'drifted'; driftXPx: number; driftYPx: number };
