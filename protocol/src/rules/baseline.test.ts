import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm, deg } from '../../test/rule-run.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { Features } from '../frame/feature-frame.ts';
import { baselineOf, baselineReadings, startBaseline, stepBaseline } from './baseline.ts';
import type { BaselineState } from './baseline.ts';

const after = (frames: readonly Features[], from: BaselineState = startBaseline()) => frames.reduce(stepBaseline, from);
const times = (count: number, features: Features): Features[] => Array.from({ length: count }, () => features);
const calibrationAt = (head_yaw: number): Calibration =>
  ({ state: 'calibrated', at: 0, head_yaw, head_pitch: 0 }) as Calibration;

describe('the readings of a baseline', () => {
  test('are multiples of the image width', () => {
    expect(baselineReadings(calm)).toEqual({ head_yaw: 0, head_pitch: 0, face_x: 0.5, face_y: 0.375, face_w: 0.2 });
  });

  test.each(['head_yaw', 'head_pitch', 'face_x', 'face_y', 'face_w', 'image_width'] as const)(
    'are unknown without %s',
    (name) => {
      expect(baselineReadings({ ...calm, [name]: null })).toBeNull();
      const { [name]: _omitted, ...rest } = calm;
      expect(baselineReadings(rest)).toBeNull();
    },
  );

  test.each([0, 2, null])('are unknown with %s faces', (no_of_face) => {
    expect(baselineReadings({ ...calm, no_of_face })).toBeNull();
  });
});

describe('the baseline', () => {
  test('exists after 50 frames, 10 s at 5 frames a second', () => {
    expect(baselineOf(after(times(49, calm)))).toBeNull();
    expect(baselineOf(after(times(50, calm)))).toMatchObject({ head_yaw: 0, place: { face_x: expect.closeTo(0.5) } });
  });

  test('is final after 600 frames', () => {
    const final = after(times(600, calm));
    expect(stepBaseline(final, { ...calm, head_yaw: 0.1 })).toBe(final);
  });

  test('is the mean of its frames', () => {
    const frames = [...times(50, { ...calm, head_yaw: 0.1 }), ...times(50, { ...calm, head_yaw: 0 })];
    expect(baselineOf(after(frames))?.head_yaw).toBeCloseTo(0.05, 10);
  });

  test('does not count heads that are turned further than 35°', () => {
    expect(after(times(100, { ...calm, head_yaw: 36 * deg })).frames).toBe(0);
    expect(after(times(100, { ...calm, head_pitch: -36 * deg })).frames).toBe(0);
    expect(after(times(49, { ...calm, head_yaw: 34 * deg })).frames).toBe(49);
  });

  test('does not count frames far from it, once it exists', () => {
    const usable = after(times(50, calm));
    expect(stepBaseline(usable, { ...calm, head_yaw: 13 * deg })).toBe(usable);
    expect(stepBaseline(usable, { ...calm, head_pitch: 13 * deg })).toBe(usable);
    expect(stepBaseline(usable, { ...calm, face_x: 320 + 130 })).toBe(usable);
    expect(stepBaseline(usable, { ...calm, head_yaw: 11 * deg, face_x: 320 + 120 }).frames).toBe(51);
  });

  test('is at most 15° from the camera', () => {
    const { head_yaw, head_pitch } = baselineOf(
      after(times(100, { ...calm, head_yaw: 30 * deg, head_pitch: -30 * deg })),
    )!;
    expect([head_yaw / deg, head_pitch / deg]).toEqual([expect.closeTo(15), expect.closeTo(-15)]);
  });

  test('is the posture of the calibration until then, without a position', () => {
    const calibrated = after([{ calibration: calibrationAt(0.2) }]);
    expect(baselineOf(calibrated)).toEqual({ head_yaw: 0.2, head_pitch: 0, place: null });
    expect(baselineOf(after(times(50, calm), calibrated))?.head_yaw).toBe(0);
  });

  test('uses the latest calibration, and ignores one without angles', () => {
    const state = after([{ calibration: calibrationAt(0.2) }, { calibration: calibrationAt(0.1) }]);
    expect(baselineOf(state)?.head_yaw).toBe(0.1);
    const unknown = { ...calibrationAt(0), head_yaw: null };
    expect(baselineOf(after([{ calibration: unknown }], state))?.head_yaw).toBe(0.1);
  });

  test('does not change with frames whose readings are unknown', () => {
    const hidden = fc.constantFrom('head_yaw', 'head_pitch', 'face_x', 'face_y', 'face_w', 'no_of_face');
    fc.assert(
      fc.property(fc.array(hidden, { maxLength: 30 }), (names) => {
        const usable = after(times(60, calm));
        expect(
          after(
            names.map((name) => ({ ...calm, [name]: null })),
            usable,
          ),
        ).toBe(usable);
      }),
    );
  });

  test('survives storage as JSON', () => {
    const state = after([{ calibration: calibrationAt(0.2) }, ...times(70, calm)]);
    expect(baselineOf(JSON.parse(JSON.stringify(state)) as BaselineState)).toEqual(baselineOf(state));
  });
});
