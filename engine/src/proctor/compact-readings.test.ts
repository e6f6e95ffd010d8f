import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Features } from '@invigil/protocol/frame';
import { compactReadings } from './compact-readings.ts';

test('leaves out unknown and empty values, and keeps zeros and text', () => {
  const readings = { no_of_face: 0, head_yaw: null, head_pose: 'left', page_violations: [], unknown: {} } as Features;
  expect(compactReadings(readings)).toEqual({ no_of_face: 0, head_pose: 'left' });
});

test('rounds to four decimals, and leaves whole numbers as they are', () => {
  expect(compactReadings({ head_yaw: -0.00004999, face_x: 123_456_789 } as Features)).toEqual({
    head_yaw: -0,
    face_x: 123_456_789,
  });
});

test('no value moves by more than half of the last digit, and none gets longer', () => {
  fc.assert(
    fc.property(fc.double({ min: -10_000, max: 10_000, noNaN: true }), (value) => {
      const { head_yaw: kept = null } = compactReadings({ head_yaw: value });
      expect(Math.abs((kept ?? Infinity) - value)).toBeLessThanOrEqual(0.000_051);
      expect(JSON.stringify(kept).length).toBeLessThanOrEqual(JSON.stringify(value).length);
    }),
  );
});
