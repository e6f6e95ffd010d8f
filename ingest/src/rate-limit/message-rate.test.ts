import { expect, test } from 'vitest';
import { MessageRate } from './message-rate.ts';

const limits = { messagesPerSecond: 2, messageBurst: 3, bytesPerSecond: 100, byteBurst: 1000, strikes: 2 };

test('allows a burst of messages, then the steady rate', () => {
  const rate = new MessageRate(limits, 0);
  expect([1, 2, 3, 4].map(() => rate.take(1, 0))).toEqual([true, true, true, false]);
  expect(rate.take(1, 500)).toBe(true);
  expect(rate.take(1, 500)).toBe(false);
});

test('refuses a message that exceeds the remaining bytes', () => {
  const rate = new MessageRate(limits, 0);
  expect(rate.take(900, 0)).toBe(true);
  expect(rate.take(200, 0)).toBe(false);
  expect(rate.take(200, 1000)).toBe(true);
});

test('counts strikes separately from messages', () => {
  const rate = new MessageRate(limits, 0);
  expect([1, 2, 3].map(() => rate.takeStrike(0))).toEqual([true, true, false]);
  expect(rate.take(1, 0)).toBe(true);
  expect(rate.takeStrike(1000)).toBe(true);
});

test('notifies a client at most once a second when it may send again', () => {
  const rate = new MessageRate(limits, 0);
  rate.take(1000, 0);
  expect(rate.retryAfterMs(500, 0)).toBe(5000);
  expect(rate.retryAfterMs(500, 999)).toBeNull();
  expect(rate.retryAfterMs(1, 1000)).toBeGreaterThanOrEqual(1000);
});
