import { describe, expect, test } from 'vitest';
import { fromHalf } from './half-float.ts';

describe('half float', () => {
  test.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x7bff, 65504],
    [0x0400, 2 ** -14],
    [0x0001, 2 ** -24],
    [0x7c00, Infinity],
  ])('%i is %f', (bits, value) => {
    expect(fromHalf(bits)).toBe(value);
  });

  test('keeps the sign of zero, and not-a-number', () => {
    expect(Object.is(fromHalf(0x8000), -0)).toBe(true);
    expect(fromHalf(0x7e00)).toBeNaN();
  });
});
