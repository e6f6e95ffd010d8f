import { describe, expect, test } from 'vitest';
import { closeCodes, examOver, isOwnReason, messageTooBig, shouldReconnect } from './close-codes.ts';

describe('close codes', () => {
  test('are unique and can be sent', () => {
    const codes = Object.values(closeCodes).map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    for (const code of codes) expect((code >= 1000 && code <= 1015) || (code >= 4000 && code <= 4999)).toBe(true);
  });

  test('have a reason that fits into a close frame, 123 bytes', () => {
    for (const { reason } of Object.values(closeCodes)) expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123);
  });

  test.each([
    ['normal', false],
    ['goingAway', true],
    ['policyViolation', false],
    ['messageTooBig', false],
    ['internalError', true],
    ['tryAgainLater', true],
    ['sessionEnded', false],
    ['replaced', false],
    ['rateExceeded', true],
    ['heartbeatTimeout', true],
    ['tokenExpired', true],
    ['authTimeout', false],
  ] as const)('after %s a client reconnects: %s', (name, reconnect) => {
    expect(shouldReconnect(closeCodes[name].code)).toBe(reconnect);
  });

  test.each([1005, 1006, 4999])('a client reconnects after the unknown code %i', (code) => {
    expect(shouldReconnect(code)).toBe(true);
  });

  test('are recognised by their words', () => {
    for (const { reason } of Object.values(closeCodes)) expect(isOwnReason(reason)).toBe(reason !== '');
    expect(isOwnReason(messageTooBig(1000).reason)).toBe(true);
    expect(isOwnReason(examOver('COMPLETED').reason)).toBe(false);
    for (const reason of ['', 'Idle timeout', 'policy', 'closed by the gateway'])
      expect(isOwnReason(reason)).toBe(false);
  });
});
