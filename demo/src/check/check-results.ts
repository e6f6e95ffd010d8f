import type { CalibrationState, CameraState } from '@invigil/engine';
import type { CheckItem, CheckResults } from '@invigil/protocol/channels';
import { assessLight, assessPosition, assessSight, assessSpeed, rateHz } from './assessment.ts';
import type { Reading } from './camera-check.ts';

type Result = NonNullable<CheckResults['items'][CheckItem]>;

const resultOf = (verdict: { good: boolean } | null): Result => {
  if (verdict === null) return 'unknown';
  return verdict.good ? 'good' : 'attention';
};

/** The outcome that is recorded for the exam's teacher: no readings, only whether each item was good. */
export const checkResults = (
  camera: CameraState,
  history: readonly Reading[],
  calibration: CalibrationState,
): CheckResults => {
  const reading = history.at(-1) ?? null;
  const items: Record<CheckItem, Result> = {
    camera: camera.state === 'on' ? 'good' : camera.state === 'lost' ? 'attention' : 'unknown',
    light: resultOf(reading === null ? null : assessLight(reading)),
    position: resultOf(reading === null ? null : assessPosition(reading)),
    image: resultOf(reading === null ? null : assessSight(reading)),
    speed: resultOf(assessSpeed(rateHz(history))),
    // The server records it, so it was reached.
    connection: 'good',
  };
  return { items, calibrated: calibration.state === 'calibrated' };
};
