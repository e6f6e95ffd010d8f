import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, deg, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { headTurned } from './head-turned.ts';

const turned = { ...calm, head_yaw: 30 * deg };

describe('head_turned', () => {
  test('opens after 8 s and continues through up to 1.5 s', () => {
    expect(opensAfterMs(headTurned, turned)).toBe(8000);
    expect(bridgesMs(headTurned, turned, calm)).toBe(1500);
  });

  test.each([
    [24.9, 'clear'],
    [25.1, 'seen'],
    [-25.1, 'seen'],
    [37.9, 'seen'],
    [38.1, 'clear'],
    [-60, 'clear'],
  ])('a head at %s° is %s', (yaw, kind) => {
    expect(lookAt(headTurned, { ...calm, head_yaw: yaw * deg }).kind).toBe(kind);
  });

  test('stays open down to 20°', () => {
    expect(lookAt(headTurned, { ...calm, head_yaw: 20.1 * deg }, { active: true }).kind).toBe('seen');
    expect(lookAt(headTurned, { ...calm, head_yaw: 19.9 * deg }, { active: true }).kind).toBe('clear');
  });

  test('measures the angle from the camera and from the baseline', () => {
    const context = { ...knownContext, baseline: { head_yaw: -0.1, head_pitch: 0, place: null } };
    const { measured } = lookAt(headTurned, { ...calm, head_yaw: 0.5 }, { context }) as { measured: unknown };
    expect(measured).toEqual({ head_yaw: 0.5, head_yaw_from_usual: expect.closeTo(0.6) });
  });

  test('is unknown without a baseline, without a known head and with a second face', () => {
    expect(lookAt(headTurned, turned, { context: { ...knownContext, baseline: null } }).kind).toBe('unknown');
    expect(lookAt(headTurned, { ...turned, head_pitch: null }).kind).toBe('unknown');
    expect(lookAt(headTurned, { ...turned, no_of_face: 2 }).kind).toBe('unknown');
  });

  test('gives way to looking_away', () => {
    const context = { ...knownContext, running: new Set(['looking_away' as const]) };
    expect(lookAt(headTurned, turned, { context }).kind).toBe('clear');
  });
});
