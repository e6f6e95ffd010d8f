import { expect, test } from 'vitest';
import { isIssuedBefore } from './issued-before.ts';

const atMs = Date.UTC(2026, 0, 5, 9);
const hourMs = 3_600_000;

test.each([
  ['issued an hour before', { issuedAtMs: atMs - hourMs, expiresAtMs: atMs + hourMs }, true],
  ['issued at that second by a clock that is ahead', { issuedAtMs: atMs + 5000, expiresAtMs: atMs + hourMs }, true],
  ['issued a minute later', { issuedAtMs: atMs + 60_000, expiresAtMs: atMs + hourMs }, false],
  ['expires within a day, issued at an unknown time', { expiresAtMs: atMs + hourMs }, true],
  ['expires more than a day later, issued at an unknown time', { expiresAtMs: atMs + 25 * hourMs }, false],
  ['never expires, issued at an unknown time', { expiresAtMs: null }, true],
])('a token that was %s', (_name, times, expected) => {
  expect(isIssuedBefore(times, atMs)).toBe(expected);
});
