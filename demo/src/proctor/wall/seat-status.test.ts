// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { noReadings } from '../watch/live-readings.ts';
import type { Live } from '../watch/live-readings.ts';
import { rememberEnded } from '../watch/ended-here.ts';
import { sampleSeat } from '../../testing/sample-seat.ts';
import { coverageText, observedText, statusOf } from './seat-status.ts';

const seat = sampleSeat('Ada', { key: 'a-1', studentId: 'a-1', sessionId: 's-1' });
const live: Live = noReadings;

const clocks = { nowMs: 100_000, serverNowMs: 500_000 };
const read: Live = { ...live, receivedMs: 99_000 };

describe('the status of a seat', () => {
  test.each([
    ['not connected yet', { isPresent: false, sessionId: null }, live, null, 'away'],
    ['disconnected', { isPresent: false }, live, null, 'away'],
    ['disconnected for 40 s', { isPresent: false, lostAtMs: 60_000 }, live, null, 'away'],
    ['session ended', { isPresent: false, hasEnded: true }, live, null, 'away'],
    ['submitted', { isPresent: false, hasSubmitted: true }, live, null, 'away'],
    ['disconnected', { isPresent: false }, read, { reason: 'no_frames', sinceMs: 0 }, 'away'],
    ['connected, no readings yet', {}, live, null, 'quiet'],
    ['live', {}, read, null, 'live'],
    ['cannot be seen for 12 s', {}, read, { reason: 'obstructed', sinceMs: 488_000 }, 'unseen'],
    ['cannot be seen for 12 s', {}, live, { reason: 'camera_lost', sinceMs: 488_000 }, 'unseen'],
    ['on a break for 4 s', {}, read, { reason: 'paused', sinceMs: 496_000 }, 'break'],
    ['no readings for 1 min 40 s', {}, read, { reason: 'no_frames', sinceMs: 400_000 }, 'quiet'],
  ] as const)('is “%s”', (text, change, readings, gap, kind) => {
    expect(statusOf({ ...seat, ...change }, readings, gap, clocks)).toEqual({ kind, text });
  });

  test('names who ended the session, if it was this page', () => {
    rememberEnded('s-1');
    const ended = { ...seat, isPresent: false, hasEnded: true };
    expect(statusOf(ended, live, null, clocks)).toEqual({ kind: 'away', text: 'session ended by you' });
  });

  test('remembers after a reload of the tab who ended the session', async () => {
    rememberEnded('s-2');
    vi.resetModules();
    const reloaded = await import('../watch/ended-here.ts');
    expect(reloaded.endedHere.value.has('s-2')).toBe(true);
  });

  test('is unknown without a reading, otherwise observed or not, with the reason', () => {
    expect(observedText(live)).toBeNull();
    expect(observedText({ ...live, features: { no_of_face: 0 } })).toBe('Observed');
    expect(observedText({ ...live, features: { no_of_face: null } })).toMatch(/^Not observed: ./);
  });

  test('tells the kinds of coverage apart, and rounds so that 100% live means all of it', () => {
    const coverage = { live_s: 89.9, late_s: 10, not_observed_s: 0.1 };
    expect(coverageText(coverage)).toBe('live 89% · late 10% · not observed 1%');
    const whole = { live_s: 100, late_s: 0, not_observed_s: 0 };
    expect(coverageText(whole)).toBe('live 100%');
    expect(coverageText(null)).toBe('no coverage measured yet');
  });
});
