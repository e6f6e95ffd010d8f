import { describe, expect, test } from 'vitest';
import { bridgesMs, calm, emptyContext, knownContext, lookAt, opensAfterMs } from '../../test/rule-run.ts';
import { talking } from './talking.ts';

const moving = { ...calm, mouth_moving: 1, mouth_open: 0.4 } as const;

describe('talking', () => {
  test('opens after 20 s and continues through up to 3 s', () => {
    expect(opensAfterMs(talking, moving)).toBe(20_000);
    expect(bridgesMs(talking, moving, calm)).toBe(3000);
  });

  test.each([
    ['moving', moving, 'seen'],
    ['still', calm, 'clear'],
    ['unknown', { ...calm, mouth_moving: null }, 'unknown'],
    ['of one of two faces', { ...moving, no_of_face: 2 }, 'unknown'],
    ['without a face', { ...moving, no_of_face: null }, 'unknown'],
  ] as const)('a mouth that is %s', (_name, features, kind) => {
    expect(lookAt(talking, features).kind).toBe(kind);
  });

  test('is unknown for a student whose lips move by habit, and before that is known', () => {
    const habit = { ...knownContext, habits: { ...knownContext.habits, mouth_moving: 0.5 } };
    expect(lookAt(talking, moving, { context: habit }).kind).toBe('unknown');
    expect(lookAt(talking, moving, { context: emptyContext }).kind).toBe('unknown');
  });

  test('has low confidence and never alerts', () => {
    expect(lookAt(talking, moving)).toMatchObject({ confidence: 0.3, measured: { mouth_open: 0.4 } });
    expect(talking.alert).toBe(false);
  });
});
