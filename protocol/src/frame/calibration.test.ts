import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { CalibrationSchema } from './calibration.ts';

describe('a calibration', () => {
  test('has unknown numbers as null', () => {
    expect(v.parse(CalibrationSchema, { state: 'calibrated', at: 5, error_px: 80 })).toEqual({
      state: 'calibrated',
      at: 5,
      error_px: 80,
      error_deg: null,
      targets: null,
      samples: null,
      viewport_width: null,
      viewport_height: null,
      head_yaw: null,
      head_pitch: null,
      head_x_cm: null,
      head_y_cm: null,
      head_z_cm: null,
    });
  });

  test.each(['calibrated', 'too_poor', 'drifted'])('can be %s', (state) => {
    expect(v.is(CalibrationSchema, { state, at: 0 })).toBe(true);
  });

  test.each([
    ['an unknown state', { state: 'great', at: 0 }, 'state'],
    ['no time', { state: 'drifted' }, 'at'],
    ['a negative time', { state: 'drifted', at: -1 }, 'at'],
    ['a negative error', { state: 'drifted', at: 0, error_px: -1 }, 'error_px'],
    ['an infinite angle', { state: 'drifted', at: 0, head_yaw: Infinity }, 'head_yaw'],
    ['text as a position', { state: 'drifted', at: 0, head_x_cm: '3' }, 'head_x_cm'],
  ])('with %s is refused, naming the field', (_name, value, field) => {
    const parsed = v.safeParse(CalibrationSchema, value);
    expect(parsed.success).toBe(false);
    expect(v.getDotPath(parsed.issues![0])).toBe(field);
  });

  test('keeps negative angles and positions', () => {
    const value = { state: 'calibrated', at: 0, head_yaw: -0.2, head_x_cm: -3 };
    expect(v.parse(CalibrationSchema, value)).toMatchObject(value);
  });
});
