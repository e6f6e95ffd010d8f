import type { GazeSignal } from '../perception/gaze/gaze-signal.ts';

/** A sitting student's own distance; features are told from it so that they stay near ±1. */
const baselineDistanceCm = 60;
const tenCm = 10;
/** 0.2 rad are 11°: about half a screen. */
const halfScreenRad = 0.2;

/**
 * What the screen point is fitted to. Where the geometry says that the line of sight meets the screen comes first, so that a
 * head that moves after the calibration moves the point as it should; the rest corrects what the geometry gets wrong about
 * this face, and has to earn its place against the penalty below.
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

/** Relative to the fit's strength: the offset is free, geometry nearly so. */
export const featurePenalties: readonly number[] = [1e-6, 0.02, 0.02, 1, 1, 4, 4, 4, 4, 4, 2, 2, 2];
