import type { GazeSignal } from '../perception/gaze/gaze-signal.ts';

/** Typical distance of a seated student; features are relative to it, so that they stay near ±1. */
const baselineDistanceCm = 60;
const tenCm = 10;
/** 0.2 rad is 11°, about half a screen. */
const halfScreenRad = 0.2;

/**
 * The features that predict the screen point. The first is where the line of sight meets the screen by geometry, so
 * that head movement after the calibration moves the point correctly; the others correct the geometry's error for this
 * face, and the penalty below keeps them small unless they help.
 */
export const gazeFeatures = (signal: GazeSignal): number[] => {
  const x = signal.sightXCm / tenCm;
  const y = signal.sightYCm / tenCm;
  return [
    1,
    x,
    y,
    signal.eyeYawRad / halfScreenRad,
    signal.eyePitchRad / halfScreenRad,
    signal.headYawRad / halfScreenRad,
    signal.headPitchRad / halfScreenRad,
    signal.headXCm / tenCm,
    signal.headYCm / tenCm,
    (signal.headZCm - baselineDistanceCm) / tenCm,
    x * y,
    x * x,
    y * y,
  ];
};

/** Penalties relative to the fit's strength: none for the offset, almost none for the geometry. */
export const featurePenalties: readonly number[] = [1e-6, 0.02, 0.02, 1, 1, 4, 4, 4, 4, 4, 2, 2, 2];
