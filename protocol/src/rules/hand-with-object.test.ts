import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { handWithObject } from './hand-with-object.ts';

const holding = { ...calm, hand_holding_object: 1, hand_count: 2 } as const;

describe('hand_with_object', () => {
  test('opens after 4 s and continues through up to 2.5 s', () => {
    expect(opensAfterMs(handWithObject, holding)).toBe(4000);
    expect(bridgesMs(handWithObject, holding, calm)).toBe(2500);
  });

  test.each([
    ['an object', holding, 'seen'],
    ['nothing', calm, 'clear'],
    ['a phone, which has its own rule', { ...holding, phone_present: 1 }, 'clear'],
    ['something unknown', { ...calm, hand_holding_object: null }, 'unknown'],
    ['an object that may be a phone', { ...holding, phone_present: null }, 'unknown'],
  ] as const)('a hand holding %s', (_name, features, kind) => {
    expect(lookAt(handWithObject, features).kind).toBe(kind);
  });

  test('gives way to a phone that is being observed', () => {
    const context = { ...knownContext, running: new Set(['phone_visible' as const]) };
    expect(lookAt(handWithObject, holding, { context }).kind).toBe('clear');
  });

  test('measures the number of hands', () => {
    expect(lookAt(handWithObject, holding)).toMatchObject({ confidence: 0.4, measured: { hands: 2 } });
  });

  test('is a note, not an alert, because most exams allow a pen', () => {
    expect(handWithObject.alert).toBe(false);
  });
});
