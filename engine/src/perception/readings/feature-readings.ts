import type { Features } from '@invigil/protocol/frame';
import type { GazeSignal } from '../gaze/gaze-signal.ts';

/** The readings of one image: a feature frame before it gets a session, a number and a time. */
export type FeatureReadings = Features & {
  /** Only if the eyes were read in this very image. For the page's own calibration; never part of a frame. */
  gaze_signal?: GazeSignal;
};
