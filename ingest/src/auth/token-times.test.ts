import { describe, expect, test } from 'vitest';
import { clockToleranceSeconds, expiryOf, hasExpired } from './token-times.ts';

const exp = 1_000_000;
const expMs = exp * 1000;
const toleranceMs = clockToleranceSeconds * 1000;

describe('a token', () => {
  test('a token without expiry never ends', () => {
    expect(expiryOf({}, expMs)).toBeNull();
    expect(hasExpired({}, Number.MAX_SAFE_INTEGER)).toBe(false);
  });

  test('a token is accepted until the tolerance has passed', () => {
    expect(hasExpired({ exp }, expMs + toleranceMs - 1)).toBe(false);
    expect(hasExpired({ exp }, expMs + toleranceMs)).toBe(true);
  });

  test('a valid token ends on time; a late one ends with the tolerance', () => {
    expect(expiryOf({ exp }, expMs - 1)).toBe(expMs);
    expect(expiryOf({ exp }, expMs)).toBe(expMs + toleranceMs);
  });
});
