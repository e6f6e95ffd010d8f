import { describe, expect, test } from 'vitest';
import { rounded, roundedOrNull } from './rounded.ts';
import { nothingKnown, whyUnseen } from './unknown-readings.ts';

const quality = { brightness: 0.5, contrast: 0.3, sharpness: 0.5, obstructed: false };

describe('unknown readings', () => {
  test.each([
    [{}, null],
    [{ obstructed: true, brightness: 0.01 }, 'obstructed'],
    [{ brightness: 0.05 }, 'too_dark'],
    [{ brightness: 0.97 }, 'too_bright'],
  ] as const)('an image with %j: %s', (change, reason) => {
    expect(whyUnseen({ ...quality, ...change })).toBe(reason);
  });

  test('one reason applies to everything in the image', () => {
    expect(nothingKnown('frozen')).toMatchObject({ face: 'frozen', gaze: 'frozen', phone: 'frozen', hands: 'frozen' });
  });

  test('numbers are rounded, and unknown stays unknown', () => {
    expect([rounded(1.2345, 2), rounded(7.06, 1), roundedOrNull(null, 1)]).toEqual([1.23, 7.1, null]);
  });
});
