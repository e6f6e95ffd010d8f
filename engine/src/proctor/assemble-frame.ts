import type { Features } from '@invigil/protocol/frame';
import type { Violation } from '@invigil/protocol/channels';
import { cameraReadings } from '../camera/camera-readings.ts';
import type { CameraState } from '../camera/camera-state.ts';
import type { ClientFrame, FrameStamp } from '../outbox/client-frame.ts';
import { shiftViolations } from '../outbox/shift-timestamps.ts';
import type { FeatureReadings } from '../perception/readings/feature-readings.ts';
import type { PowerHint } from '../power/power-hints.ts';
import { compactReadings } from './compact-readings.ts';

export interface ReadingParts {
  /** Readings of the image, or the reason why there are none. */
  readings: FeatureReadings;
  /** Cost of the frame loop; absent in frames that it did not make. */
  loop?: { latencyMs: number; skipped: number };
  /** `deviceCount`: video inputs that the browser lists; null if it does not list them. */
  camera?: { state: CameraState; deviceCount: number | null };
  /** 1 while the page is hidden. */
  pageHidden?: 0 | 1;
  /** Gaze point on the page, once calibrated. */
  gazePoint?: Features;
}

export interface FrameParts extends ReadingParts {
  stamp: FrameStamp;
  /** Violations that the page detected since the last frame, timed by the device's clock. */
  violations?: readonly Violation[];
  violationsDropped?: number;
  /** A calibration that has ended, or its drift. */
  calibration?: Features;
  /** Parts of the browser that are missing. */
  missing?: Features;
  /** Why the engine's budget is lowered. */
  budgetHint?: PowerHint | null;
}

/** Frames do not state clock corrections smaller than this. */
const ignoredCorrectionMs = 1000;

/** Everything known about one image before it is recorded. */
export const assembleReading = ({ readings, loop, camera, pageHidden, gazePoint }: ReadingParts): Features => {
  // The signal is for the calibration on this device only.
  const { gaze_signal: _, ...features } = readings;
  return {
    ...features,
    ...(loop === undefined ? {} : { engine_latency_ms: loop.latencyMs, engine_skipped: loop.skipped }),
    ...(camera === undefined ? {} : cameraReadings(camera.state, camera.deviceCount, readings)),
    ...(pageHidden === undefined ? {} : { page_hidden: pageHidden }),
    ...gazePoint,
  };
};

/**
 * The feature frame as it is stored and sent: the one place where a frame is put together. Unknown and meaningless values are left
 * out, so that it stays small on the wire.
 */
export const assembleFrame = (parts: FrameParts): ClientFrame => {
  const { stamp, violations = [], violationsDropped = 0, calibration, missing, budgetHint = null } = parts;
  const reading = assembleReading(parts);
  const isCorrected = Math.abs(stamp.correctionMs) >= ignoredCorrectionMs;
  return {
    seq: stamp.seq,
    timestamp: stamp.timestampMs,
    ...compactReadings({
      ...reading,
      ...((reading.engine_budget ?? null) === null ? {} : { engine_budget_hint: budgetHint }),
      ...calibration,
      ...missing,
      page_violations: isCorrected ? shiftViolations(violations, stamp.correctionMs) : [...violations],
      page_violations_dropped: violationsDropped === 0 ? null : violationsDropped,
      clock_corrected_ms: isCorrected ? stamp.correctionMs : null,
    }),
  };
};
