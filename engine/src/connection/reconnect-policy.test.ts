import { expect, test } from 'vitest';
import { reconnectDelayMs } from './reconnect-policy.ts';

test('grows by half from one second to thirty', () => {
  expect([1, 2, 3, 4].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([1000, 1500, 2250, 3375]);
  expect(reconnectDelayMs(50, 1)).toBe(30_000);
});

test('spreads a thousand clients over half of the delay', () => {
  expect(reconnectDelayMs(3, 0)).toBe(1125);
  expect(reconnectDelayMs(3, 0.5)).toBe(1688);
});
