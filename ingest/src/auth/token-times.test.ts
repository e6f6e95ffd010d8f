import { describe, expect, test } from 'vitest';
import { clockToleranceSeconds, expiryOf, hasExpired } from './token-times.ts';

const exp = 1_000_000;
const expMs = exp * 1000;
const toleranceMs = clockToleranceSeconds * 1000;

describe('a token', () => {
  test('without an end never expires', () => {
    expect(expiryOf({}, expMs)).toBeNull();
    expect(hasExpired({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  test('is accepted until the tolerance has passed', () => {
    expect(hasExpired({ exp }, expMs + toleranceMs - 1)).toBe(false);
    expect(hasExpired({ exp }, expMs + toleranceMs)).toBe(true);
  });

  test('ends on time while it is valid, and with the tolerance once it is late', () => {
    expect(expiryOf({ exp }, expMs - 1)).toBe(expMs);
    expect(expiryOf({ exp }, expMs)).toBe(expMs + toleranceMs);
  });
});
