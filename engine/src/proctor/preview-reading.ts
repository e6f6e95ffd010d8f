import type { SessionGaze } from '../calibration/session-gaze.ts';
import type { CameraState } from '../camera/camera-state.ts';
import { pageHidden } from '../page-signals/page-visibility.ts';
import { assembleReading } from './assemble-frame.ts';
import type { LoopReading } from './frame-loop.ts';
import type { ProctorEvents } from './proctor.ts';

/** A reading as the page gets it during the check: not stored, numbered or sent. */
export const previewReading = (
  { readings, at, latencyMs, skipped }: LoopReading,
  { camera: state, deviceCount }: { camera: CameraState; deviceCount: number | null },
  gaze: Pick<SessionGaze, 'gazePoint'>,
): ProctorEvents['reading'] => {
  const hidden = pageHidden();
  const reading = assembleReading({
    readings,
    loop: { latencyMs, skipped },
    camera: { state, deviceCount },
    pageHidden: hidden,
    gazePoint: gaze.gazePoint(readings, hidden === 1, at.monotonicMs),
  });
  return { ...reading, timestamp: Math.round(at.wallMs) };
};
