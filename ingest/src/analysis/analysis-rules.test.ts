import { describe, expect, test } from 'vitest';
import { currentRuleSet, ruleSets } from '@invigil/protocol/rules';
import { riskWeightSets } from '@invigil/protocol/report';
import { accommodationNames, defaultRules, isSameRules, ruleSetOf, weightsOf } from './analysis-rules.ts';

const neck = { name: 'neck injury', off: ['head_turned' as const], longer: { looking_away: 4 } };

describe('the rules of a session', () => {
  test('are the current ones by default', () => {
    expect(ruleSetOf(defaultRules)).toMatchObject({ version: currentRuleSet.version, order: 'arrival' });
  });

  test('follow the student’s accommodations', () => {
    const types = ruleSetOf({ version: '2', accommodations: [neck] }).rules.map(({ type }) => type);
    expect(types).not.toContain('head_turned');
    expect(types).toContain('looking_away');
    expect(accommodationNames({ version: '2', accommodations: [neck] })).toEqual(['neck injury']);
  });

  test.each(['0', '99', '', 'constructor', '__proto__', 'toString'])('of version %j do not exist', (version) => {
    expect(() => ruleSetOf({ version, accommodations: [] })).toThrow(
      expect.objectContaining({
        reason: 'unknown_rules',
        message: expect.stringContaining('allowed: 1, 2, 3') as string,
      }),
    );
    expect(() => weightsOf(version)).toThrow(expect.objectContaining({ reason: 'unknown_rules' }));
  });

  test('of every released version can be used, with every version of the weights', () => {
    for (const version of Object.keys(ruleSets))
      expect(ruleSetOf({ version, accommodations: [] }).version).toBe(version);
    for (const version of Object.keys(riskWeightSets)) expect(weightsOf(version).version).toBe(version);
  });

  test('are the same only with the same version and accommodations', () => {
    const rules = { version: '2', accommodations: [neck] };
    expect(isSameRules(rules, structuredClone(rules))).toBe(true);
    expect(isSameRules(rules, { ...rules, version: '3' })).toBe(false);
    expect(isSameRules(rules, { ...rules, accommodations: [] })).toBe(false);
    expect(isSameRules(rules, { ...rules, accommodations: [{ ...neck, longer: { looking_away: 5 } }] })).toBe(false);
  });
});
