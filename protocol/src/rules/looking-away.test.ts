import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, deg, emptyContext, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { lookingAway, lookingAwayFromBaseline } from './looking-away.ts';

const away = { ...calm, head_yaw: 50 * deg };

describe.each([
  ['version 1', lookingAway],
  ['version 2', lookingAwayFromBaseline],
])('looking_away, %s', (_version, rule) => {
  test('opens after 1.6 s and continues through up to 0.8 s', () => {
    expect(opensAfterMs(rule, away)).toBe(1600);
    expect(bridgesMs(rule, away, calm)).toBe(800);
  });

  test.each([
    [37.9, 0, 'clear'],
    [38.1, 0, 'seen'],
    [-38.1, 0, 'seen'],
    [0, 29.9, 'clear'],
    [0, 30.1, 'seen'],
    [0, -37.9, 'clear'],
    [0, -38.1, 'seen'],
  ])('yaw %s°, pitch %s° is %s', (yaw, pitch, kind) => {
    expect(lookAt(rule, { head_yaw: yaw * deg, head_pitch: pitch * deg }).kind).toBe(kind);
  });

  test.each([
    [30.1, 0, 'seen'],
    [29.9, 0, 'clear'],
    [0, 23.1, 'seen'],
    [0, 22.9, 'clear'],
    [0, -30.1, 'seen'],
    [0, -29.9, 'clear'],
  ])('while open, yaw %s°, pitch %s° is %s', (yaw, pitch, kind) => {
    expect(lookAt(rule, { head_yaw: yaw * deg, head_pitch: pitch * deg }, { active: true }).kind).toBe(kind);
  });

  test('is more confident the further the head turns, up to 1', () => {
    const confidenceAt = (yaw: number) =>
      (lookAt(rule, { head_yaw: yaw * deg, head_pitch: 0 }) as { confidence: number }).confidence;
    expect(confidenceAt(57)).toBeCloseTo(1, 10);
    expect(confidenceAt(90)).toBe(1);
    expect(confidenceAt(40)).toBeLessThan(confidenceAt(45));
  });

  test('is unknown if an angle is', () => {
    expect(lookAt(rule, { head_yaw: 1, head_pitch: null }).kind).toBe('unknown');
    expect(lookAt(rule, { head_pitch: 1 }).kind).toBe('unknown');
  });
});

describe('the baseline of looking_away', () => {
  const sideways = { ...knownContext, baseline: { head_yaw: 15 * deg, head_pitch: 0, place: null } };

  test('suppresses an observation', () => {
    expect(lookAt(lookingAwayFromBaseline, { ...calm, head_yaw: 45 * deg }, { context: sideways }).kind).toBe('clear');
    expect(lookAt(lookingAway, { ...calm, head_yaw: 45 * deg }, { context: sideways }).kind).toBe('seen');
  });

  test('never creates one', () => {
    const angle = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, angle, (head_yaw, head_pitch, usualYaw, usualPitch) => {
        const baseline = { head_yaw: usualYaw, head_pitch: usualPitch, place: null };
        const found = lookAt(
          lookingAwayFromBaseline,
          { head_yaw, head_pitch },
          { context: { ...knownContext, baseline } },
        );
        expect(found.kind !== 'seen' || lookAt(lookingAway, { head_yaw, head_pitch }).kind === 'seen').toBe(true);
      }),
    );
  });

  test('is measured, if there is one', () => {
    const measuredIn = (context: typeof knownContext) =>
      Object.keys((lookAt(lookingAwayFromBaseline, away, { context }) as { measured: object }).measured);
    expect(measuredIn(emptyContext)).toEqual(['head_yaw', 'head_pitch']);
    expect(measuredIn(knownContext)).toEqual([
      'head_yaw',
      'head_pitch',
      'head_yaw_from_usual',
      'head_pitch_from_usual',
    ]);
  });
});
