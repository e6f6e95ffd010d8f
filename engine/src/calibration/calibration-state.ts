/** Why a calibration was not good enough to be used. */
export type CalibrationShortcoming =
  /** The eyes were visible at too few of the targets. */
  | 'few_readings'
  /** Held-out error above the limit, or hardly better than guessing. */
  | 'inaccurate';

/** Gaze in this session. Without a calibration, only the nine directions are measured. */
export type CalibrationState =
  | { state: 'none' }
  /** The student follows the targets. `step` counts from 1. */
  | { state: 'calibrating'; step: number; steps: number }
  | {
      state: 'calibrated';
      /** Unix epoch, milliseconds. */
      atMs: number;
      /** Mean distance at held-out targets: CSS pixels, and degrees for a screen 60 cm away. */
      errorPx: number;
      errorDeg: number;
      samples: number;
      targets: number;
      /** Correction since drift was detected, CSS pixels. */
      driftXPx: number;
      driftYPx: number;
    }
  | { state: 'too_poor'; reason: CalibrationShortcoming; errorPx: number | null; errorDeg: number | null }
  /** The gaze point has drifted too far for automatic correction; calibrate again. */
  | { state: 'drifted'; driftXPx: number; driftYPx: number };
