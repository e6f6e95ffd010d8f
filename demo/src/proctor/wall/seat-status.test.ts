// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import type { Live } from '../watch/live-readings.ts';
import type { Seat } from '../watch/seat.ts';
import { emptyTrace } from '../watch/trace.ts';
import { coverageText, deliveryOf, observedText } from './seat-status.ts';

const seat: Seat = {
  key: 'a-1',
  name: 'Ada',
  studentId: 'a-1',
  sessionId: 's-1',
  isPresent: true,
  pageViolations: 0,
  hasSubmitted: false,
};
const live: Live = { features: null, thumbnail: null, receivedMs: null, trace: emptyTrace };

describe('the status of a seat', () => {
  test.each([
    ['not connected yet', { isPresent: false, sessionId: null }, live, 'away'],
    ['disconnected', { isPresent: false }, live, 'away'],
    ['submitted', { isPresent: false, hasSubmitted: true }, live, 'away'],
    ['connected, no readings yet', {}, live, 'quiet'],
    ['live', {}, { ...live, receivedMs: 96_000 }, 'live'],
    ['last reading 5 s ago', {}, { ...live, receivedMs: 95_000 }, 'quiet'],
    ['last reading 1 min 40 s ago', {}, { ...live, receivedMs: 0 }, 'quiet'],
  ])('is “%s”', (text, change, readings, kind) => {
    expect(deliveryOf({ ...seat, ...change }, readings, 100_000)).toEqual({ kind, text });
  });

  test('is unknown without a reading, otherwise observed or not, with the reason', () => {
    expect(observedText(live)).toBeNull();
    expect(observedText({ ...live, features: { no_of_face: 0 } })).toBe('Observed');
    expect(observedText({ ...live, features: { no_of_face: null } })).toMatch(/^Not observed: ./);
  });

  test('rounds coverage down, so that 100% means all of it', () => {
    const trace = { ...emptyTrace, observedMs: 9999, measuredMs: 10_000 };
    expect(coverageText({ ...live, trace })).toBe('99% observed while on screen');
    expect(coverageText(live)).toBe('no coverage measured yet');
  });
});
