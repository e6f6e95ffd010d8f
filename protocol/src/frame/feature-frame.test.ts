import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  FeatureFrameSchema,
  FeaturesSchema,
  TimestampMsSchema,
  isObserved,
  notObservedReason,
} from './feature-frame.ts';
import { violationTypes } from './violation.ts';

describe('the readings of a frame', () => {
  test.each([
    ['face_present', [0, 1], [2, true, '1']],
    ['no_of_face', [0, 4, 100], [-1, 1.5, 101]],
    ['face_conf', [0, 88, 100], [-0.1, 100.1]],
    ['face_w', [0, 150.5], [-1]],
    ['head_yaw', [-Math.PI, 0, Math.PI], [3.2, -3.2]],
    ['head_pose', ['forward', 'left', 'up'], ['center', '']],
    ['gaze_direction', ['center', 'top_left'], ['forward', 'middle']],
    ['gazePoint_x', [-50, 500], ['500', 1e6]],
    ['hand_count', [0, 20], [21]],
    ['hand_side', ['left', 'right'], ['both']],
    ['eye_open_left', [0, 1], [-0.01, 1.01]],
    ['image_frozen_for_ms', [0, 86_400_000], [-1, 86_400_001]],
    ['engine_backend', ['wasm', 'webgpu'], ['cuda']],
    ['engine_budget_hint', ['battery', 'pressure'], ['mood']],
    ['not_observed', ['paused', 'too_dark'], ['bored']],
    ['unknown', [{ gaze: 'not_due' }, {}], [{ ears: 'not_due' }, { gaze: 'why' }]],
  ] as const)('%s has its documented range', (field, allowed, refused) => {
    for (const value of allowed) expect(v.parse(FeaturesSchema, { [field]: value })).toEqual({ [field]: value });
    expect(v.parse(FeaturesSchema, { [field]: null })).toEqual({ [field]: null });
    for (const value of refused) expect(v.is(FeaturesSchema, { [field]: value })).toBe(false);
  });

  test('drop unknown fields', () => {
    expect(v.parse(FeaturesSchema, { face_present: 1, mood: 'sad' })).toEqual({ face_present: 1 });
  });

  test('have at most 50 violations of known types', () => {
    const violations = (count: number) => Array.from({ length: count }, () => ({ type: 'TAB_SWITCH', timestamp: 1 }));
    expect(v.is(FeaturesSchema, { page_violations: violations(50) })).toBe(true);
    expect(v.is(FeaturesSchema, { page_violations: violations(51) })).toBe(false);
    expect(v.is(FeaturesSchema, { page_violations: [{ type: 'YAWN', timestamp: 1 }] })).toBe(false);
    expect(v.is(FeaturesSchema, { page_violations: [{ type: violationTypes[0], timestamp: -1 }] })).toBe(false);
  });
});

describe('the time of a frame', () => {
  test.each([
    [0, 0],
    [1_780_000_000_000.5, 1_780_000_000_000.5],
    ['2026-01-18T10:30:00.000Z', Date.UTC(2026, 0, 18, 10, 30)],
  ])('%s is read as %s', (given, ms) => {
    expect(v.parse(TimestampMsSchema, given)).toBe(ms);
  });

  test.each([-1, 8.65e15, Infinity, NaN, 'noon', '2026-01-18', null, {}])('%s is refused', (given) => {
    expect(v.is(TimestampMsSchema, given)).toBe(false);
  });
});

describe('a numbered frame', () => {
  test.each(['seq', 'timestamp'] as const)('needs its %s', (name) => {
    const frame = { seq: 3, timestamp: 5, face_present: 1 };
    expect(v.is(FeatureFrameSchema, frame)).toBe(true);
    expect(v.is(FeatureFrameSchema, { ...frame, [name]: undefined })).toBe(false);
  });
});

describe('whether a frame was observed', () => {
  test.each([
    [{ no_of_face: 1 }, true],
    [{ no_of_face: 0 }, true],
    [{ face_present: 0 }, true],
    [{ no_of_face: null, face_present: null }, false],
    [{}, false],
    [{ no_of_face: 1, not_observed: 'paused' }, false],
    [{ no_of_face: 1, not_observed: null }, true],
    [{ phone_present: 1 }, false],
  ] as const)('%j: %s', (features, observed) => {
    expect(isObserved(features)).toBe(observed);
  });

  test.each([
    [{ not_observed: 'paused', unknown: { face: 'blurred' } }, 'paused'],
    [{ unknown: { face: 'blurred' } }, 'blurred'],
    [{ unknown: { gaze: 'not_due' } }, 'detector_failed'],
    [{}, 'detector_failed'],
  ] as const)('the reason of %j is %s', (features, reason) => {
    expect(notObservedReason(features)).toBe(reason);
  });
});
