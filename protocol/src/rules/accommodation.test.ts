import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { AccommodationSchema, accommodate } from './accommodation.ts';
import { observationTypes } from './observation.ts';
import type { ObservationType } from './observation.ts';
import { ruleSet1, ruleSet2 } from './rule-set.ts';
import type { RuleSet } from './rule-set.ts';

const durationOf = (set: RuleSet, type: ObservationType) => set.rules.find((rule) => rule.type === type)?.minDurationMs;

describe('accommodations', () => {
  test('change nothing if there are none', () => {
    expect(accommodate(ruleSet2, [])).toEqual(ruleSet2);
  });

  test('switch rules off', () => {
    const set = accommodate(ruleSet2, [{ name: 'tic', off: ['talking', 'head_turned'], longer: {} }]);
    expect(set.rules).toHaveLength(ruleSet2.rules.length - 2);
    expect(durationOf(set, 'talking')).toBeUndefined();
  });

  test('lengthen the minimum duration, and leave the released set as it is', () => {
    const set = accommodate(ruleSet2, [{ name: 'tic', off: [], longer: { looking_away: 2.5 } }]);
    expect(durationOf(set, 'looking_away')).toBe(4000);
    expect(durationOf(ruleSet2, 'looking_away')).toBe(1600);
    expect(durationOf(set, 'face_absent')).toBe(1200);
  });

  test('apply the largest of several factors', () => {
    const set = accommodate(ruleSet2, [
      { name: 'a', off: [], longer: { talking: 2 } },
      { name: 'b', off: [], longer: { talking: 3 } },
    ]);
    expect(durationOf(set, 'talking')).toBe(60_000);
  });

  test('apply to gaps in the stream too', () => {
    expect(accommodate(ruleSet2, [{ name: 'a', off: ['stream_gap'], longer: {} }]).streamGapMs).toBeNull();
    expect(accommodate(ruleSet2, [{ name: 'a', off: [], longer: { stream_gap: 3 } }]).streamGapMs).toBe(15_000);
    expect(accommodate(ruleSet1, [{ name: 'a', off: [], longer: { stream_gap: 3 } }]).streamGapMs).toBeNull();
  });

  test('keep the version of the rules', () => {
    expect(accommodate(ruleSet2, [{ name: 'a', off: [...observationTypes], longer: {} }])).toMatchObject({
      version: '2',
      rules: [],
    });
  });
});

describe('the schema of an accommodation', () => {
  test('needs only a name', () => {
    expect(v.parse(AccommodationSchema, { name: 'extra time' })).toEqual({ name: 'extra time', off: [], longer: {} });
  });

  test.each([
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['a name of 101 characters', { name: 'x'.repeat(101) }],
    ['an unknown rule', { name: 'a', off: ['mind_reading'] }],
    ['a factor below 1', { name: 'a', longer: { talking: 0.99 } }],
    ['a factor above 10', { name: 'a', longer: { talking: 10.01 } }],
    ['a factor for an unknown rule', { name: 'a', longer: { mind_reading: 2 } }],
  ])('refuses %s', (_name, value) => {
    expect(v.is(AccommodationSchema, value)).toBe(false);
  });

  test('accepts the limits', () => {
    expect(v.is(AccommodationSchema, { name: 'x'.repeat(100), longer: { talking: 1, looking_away: 10 } })).toBe(true);
  });
});
