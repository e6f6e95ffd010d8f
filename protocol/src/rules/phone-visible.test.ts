import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, every, lookAt, opensAfterMs, runRule } from '../../test/rule-run.ts';
import { phoneVisible, phoneVisibleByConfidence } from './phone-visible.ts';

const phone = { ...calm, phone_present: 1, phone_conf: 70 } as const;

describe('phone_visible', () => {
  test('opens after 1 s', () => {
    expect(opensAfterMs(phoneVisible, phone)).toBe(1000);
  });

  test('continues through up to 2.2 s without a detection', () => {
    expect(bridgesMs(phoneVisible, phone, calm)).toBe(2200);
  });

  test('does not open on one detection that frames repeat for less than 1 s', () => {
    expect(runRule(phoneVisible, [...every(200, 0, 800, phone), ...every(200, 1000, 9000, calm)]).ended).toEqual([]);
  });

  test.each([
    [
      { phone_present: 1, phone_conf: 87 },
      { kind: 'seen', confidence: 0.87, measured: { phone_conf: 87 } },
    ],
    [
      { phone_present: 1, phone_conf: 0 },
      { kind: 'seen', confidence: 0, measured: { phone_conf: 0 } },
    ],
    [
      { phone_present: 1, phone_conf: 100 },
      { kind: 'seen', confidence: 1 },
    ],
    [
      { phone_present: 1, phone_conf: null },
      { kind: 'seen', confidence: 0.5 },
    ],
    [{ phone_present: 1 }, { kind: 'seen', confidence: 0.5 }],
    [{ phone_present: 0, phone_conf: 40 }, { kind: 'clear' }],
    [{ phone_present: null }, { kind: 'unknown' }],
    [{ phone_conf: 99 }, { kind: 'unknown' }],
  ] as const)('%j gives %j', (features, expected) => {
    expect(lookAt(phoneVisible, features)).toMatchObject(expected);
  });

  test('names the frame with the highest confidence as the strongest evidence', () => {
    const frames = [
      ...every(200, 0, 1000, phone),
      ...every(200, 1200, 1200, { ...phone, phone_conf: 95 }),
      ...every(200, 1400, 2000, phone),
    ];
    const { ended } = runRule(phoneVisible, frames);
    expect(ended.at(-1)?.observation.evidence).toEqual({ first: '0', strongest: '1200', last: '2000' });
  });

  test('alerts a proctor', () => {
    expect(phoneVisible.alert).toBe(true);
  });
});

describe('phone_visible by confidence', () => {
  test.each([
    [95, 1000],
    [50, 1000],
    [42.5, 2500],
    [35, 4000],
    [10, 4000],
  ])('opens at a confidence of %d %% after %d ms', (percent, durationMs) => {
    expect(opensAfterMs(phoneVisibleByConfidence, { ...phone, phone_conf: percent })).toBe(durationMs);
  });

  test('does not penalise a client that sends no confidence', () => {
    expect(opensAfterMs(phoneVisibleByConfidence, { ...calm, phone_present: 1 })).toBe(1000);
  });

  test('opens as soon as the mean confidence allows it', () => {
    const frames = [
      ...every(200, 0, 1400, { ...phone, phone_conf: 36 }),
      ...every(200, 1600, 3000, { ...phone, phone_conf: 90 }),
    ];
    expect(runRule(phoneVisibleByConfidence, frames).ended.at(-1)?.observation.from_ms).toBe(0);
    expect(runRule(phoneVisibleByConfidence, every(200, 0, 3000, { ...phone, phone_conf: 36 })).ended).toEqual([]);
  });
});
