import { expect, test } from 'vitest';
import { assembleFrame, assembleReading } from './assemble-frame.ts';
import type { FrameParts } from './assemble-frame.ts';

const stamp = { seq: 7, timestampMs: 1_800_000_000_000, correctionMs: 0 };
const paste = { type: 'PASTE_ATTEMPT' as const, timestamp: 1_799_999_999_000 };

const frameOf = (parts: Partial<FrameParts>) => assembleFrame({ stamp, readings: { no_of_face: 1 }, ...parts });

test('a frame has its number, its time and the readings, and nothing that is unknown', () => {
  expect(frameOf({ readings: { no_of_face: 1, head_yaw: null, gaze_direction: null } })).toEqual({
    seq: 7,
    timestamp: 1_800_000_000_000,
    no_of_face: 1,
  });
});

test('an unread image states its reason', () => {
  expect(frameOf({ readings: { not_observed: 'camera_muted' } })).toMatchObject({ not_observed: 'camera_muted' });
});

test('the signal of the eyes never leaves the device', () => {
  const gaze_signal = { sightXCm: 1 } as never;
  expect(assembleReading({ readings: { no_of_face: 1, gaze_signal } })).toEqual({ no_of_face: 1 });
  expect(frameOf({ readings: { no_of_face: 1, gaze_signal } })).not.toHaveProperty('gaze_signal');
});

test('states the frame loop’s cost in the frames that it made', () => {
  expect(frameOf({ loop: { latencyMs: 80, skipped: 2 } })).toMatchObject({ engine_latency_ms: 80, engine_skipped: 2 });
  expect(frameOf({})).not.toHaveProperty('engine_latency_ms');
});

test('zero is a reading, not an unknown', () => {
  const frame = frameOf({
    readings: { no_of_face: 0, face_present: 0 },
    pageHidden: 0,
    loop: { latencyMs: 0, skipped: 0 },
  });
  expect(frame).toMatchObject({ no_of_face: 0, face_present: 0, page_hidden: 0, engine_latency_ms: 0 });
});

test('hints at a virtual camera and counts several ones', () => {
  const state = { state: 'on', label: 'OBS Virtual Camera', widthPx: 640, heightPx: 480, frameRateHz: 30 } as const;
  expect(frameOf({ camera: { state, deviceCount: 2 } })).toMatchObject({ virtual_camera_hint: 1, camera_count: 2 });
  expect(frameOf({ camera: { state: { ...state, label: 'HD Webcam' }, deviceCount: 1 } })).not.toHaveProperty(
    'camera_count',
  );
});

test('carries the page’s violations, and the number of dropped ones', () => {
  expect(frameOf({ violations: [paste], violationsDropped: 3 })).toMatchObject({
    page_violations: [paste],
    page_violations_dropped: 3,
  });
  const quiet = frameOf({ violations: [], violationsDropped: 0 });
  expect(quiet).not.toHaveProperty('page_violations');
  expect(quiet).not.toHaveProperty('page_violations_dropped');
});

test('moves violations with a corrected clock, and states the correction from one second on', () => {
  const corrected = frameOf({ stamp: { ...stamp, correctionMs: -60_000 }, violations: [paste] });
  expect(corrected.page_violations).toEqual([{ ...paste, timestamp: paste.timestamp - 60_000 }]);
  expect(corrected.clock_corrected_ms).toBe(-60_000);
  const negligible = frameOf({ stamp: { ...stamp, correctionMs: 999 }, violations: [paste] });
  expect(negligible.page_violations).toEqual([paste]);
  expect(negligible).not.toHaveProperty('clock_corrected_ms');
  expect(frameOf({ stamp: { ...stamp, correctionMs: 1000 } }).clock_corrected_ms).toBe(1000);
});

test('states why the budget is lowered only in frames that state the budget', () => {
  const readings = { no_of_face: 1, engine_budget: 0.25 };
  expect(frameOf({ readings, budgetHint: 'battery' })).toMatchObject({ engine_budget_hint: 'battery' });
  expect(frameOf({ readings, budgetHint: null })).not.toHaveProperty('engine_budget_hint');
  expect(frameOf({ budgetHint: 'battery' })).not.toHaveProperty('engine_budget_hint');
});

test('carries the gaze point and a change of the calibration', () => {
  const frame = frameOf({
    gazePoint: { gazePoint_x: 10, gazePoint_y: 20, gaze_on_script: 1 },
    calibration: { gaze_drift_x: 4, gaze_drift_y: -3 },
  });
  expect(frame).toMatchObject({ gazePoint_x: 10, gaze_on_script: 1, gaze_drift_x: 4, gaze_drift_y: -3 });
});

test('keeps four decimals', () => {
  expect(frameOf({ readings: { head_yaw: 0.123456789 } }).head_yaw).toBe(0.1235);
});
