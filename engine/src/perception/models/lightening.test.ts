import { expect, test } from 'vitest';
import { lighteningOf } from './lightening.ts';

/** Grey pixels of these values. */
const grey = (...values: number[]) => new Uint8ClampedArray(values.flatMap((value) => [value, value, value, 255]));
const ramp = (most: number) => grey(...Array.from({ length: 1000 }, (_, i) => (most * i) / 1000));

test('an image that is bright enough stays unchanged', () => {
  expect(lighteningOf(ramp(255))).toBe(1);
  expect(lighteningOf(ramp(190))).toBe(1);
});

test('a dim image is lightened until its bright parts match an ordinary image’s', () => {
  expect(lighteningOf(ramp(120))).toBeCloseTo(235 / 117, 1);
});

test('a lamp in a dim room does not prevent lightening, and a black image is not amplified to noise', () => {
  expect(lighteningOf(grey(...Array.from({ length: 990 }, () => 100), ...Array.from({ length: 10 }, () => 255)))).toBe(
    2.35,
  );
  expect(lighteningOf(grey(0, 0, 0))).toBe(4);
});
