import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { unknownReasons } from '../frame/feature-vocabulary.ts';
import { lowQuality } from './low-quality.ts';

const dark = { not_observed: 'too_dark', image_brightness: 0.05 } as const;
const poor = ['too_dark', 'too_bright', 'blurred', 'face_too_small', 'face_cut_off'];

describe('low_quality', () => {
  test('opens after 10 s and continues through up to 2 s', () => {
    expect(opensAfterMs(lowQuality, dark)).toBe(10_000);
    expect(bridgesMs(lowQuality, dark, calm)).toBe(2000);
  });

  test.each(unknownReasons.map((reason) => [reason, poor.includes(reason) ? 'seen' : 'unknown']))(
    'a frame that is unobserved because of %s is %s',
    (reason, kind) => {
      expect(lookAt(lowQuality, { not_observed: reason as (typeof unknownReasons)[number] }).kind).toBe(kind);
    },
  );

  test('is seen in an observed frame whose face or head cannot be read', () => {
    expect(lookAt(lowQuality, { ...calm, unknown: { face: 'blurred' } }).kind).toBe('seen');
    expect(lookAt(lowQuality, { ...calm, unknown: { head: 'face_too_small' } }).kind).toBe('seen');
    expect(lookAt(lowQuality, { ...calm, unknown: { mouth: 'too_dark' } }).kind).toBe('clear');
  });

  test('is clear in an observed frame', () => {
    expect(lookAt(lowQuality, calm).kind).toBe('clear');
    expect(lookAt(lowQuality, {}).kind).toBe('unknown');
  });

  test.each(['camera_obstructed', 'camera_frozen'] as const)('gives way to %s', (type) => {
    const context = { ...knownContext, running: new Set([type]) };
    expect(lookAt(lowQuality, dark, { context }).kind).toBe('clear');
  });

  test('never alerts', () => {
    expect(lowQuality.alert).toBe(false);
  });
});
