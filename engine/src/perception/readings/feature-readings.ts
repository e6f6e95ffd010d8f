import type { Features } from '@invigil/protocol/frame';
import type { GazeSignal } from '../gaze/gaze-signal.ts';

/** What was read from one image: a feature frame before it is given a session, a number and a time. */
export type FeatureReadings = Features & {
  /** Only where the eyes were looked at in this very image. For the page's own calibration; it goes into no frame. */
  gaze_signal?: GazeSignal;
};
