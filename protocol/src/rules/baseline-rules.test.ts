import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm, deg, emptyContext, knownContext, lookAt, runRule, every, timesOf } from '../../test/rule-run.ts';
import type { Features } from '../frame/feature-frame.ts';
import { gazeOffExam, readingAside } from './gaze.ts';
import { isKnownHabit } from './habits.ts';
import type { Habits } from './habits.ts';
import { headTurned } from './head-turned.ts';
import { lookingAwayFromBaseline } from './looking-away.ts';
import type { Rule, RuleContext } from './rule.ts';
import { talking } from './talking.ts';
import { baselineRules } from './baseline-rules.ts';

const ruleOf = (type: Rule['type']): Rule => baselineRules.find((rule) => rule.type === type)!;
const withBaseline = (yawDeg: number, pitchDeg = 0): RuleContext => ({
  ...knownContext,
  baseline: { ...knownContext.baseline!, head_yaw: yawDeg * deg, head_pitch: pitchDeg * deg },
});
const withHabit = (habit: keyof RuleContext['habits'], share: number | null): RuleContext => ({
  ...knownContext,
  habits: { ...knownContext.habits, [habit]: share },
});

describe('rules for habitual behaviour', () => {
  test('exist once for each rule that a baseline or a habit can silence', () => {
    expect(baselineRules.map(({ type }) => type)).toEqual([
      'looking_away',
      'head_turned',
      'gaze_off_exam',
      'reading_aside',
      'talking',
    ]);
  });

  test('never alert, and mark their observations', () => {
    expect(baselineRules.every(({ alert, usual }) => !alert && usual === true)).toBe(true);
    const { ended } = runRule(
      ruleOf('talking'),
      every(200, 0, 30_000, { ...calm, mouth_moving: 1 }),
      withHabit('mouth_moving', 0.9),
    );
    expect(timesOf(ended)).toEqual(['opened 0-20000', 'closed 0-30000']);
    expect(ended[0]!.observation).toMatchObject({ id: 'talking-usual-0', usual: true });
  });
});

describe('looking away by the camera, but not by the baseline', () => {
  const rule = ruleOf('looking_away');
  const head = (yawDeg: number): Features => ({ ...calm, head_yaw: yawDeg * deg });

  test.each([
    ['as usual for this student', 40, 15, 'seen'],
    ['away by the baseline too', 55, 15, 'clear'],
    ['forward', 10, 15, 'clear'],
  ])('%s', (_name, yaw, usual, kind) => {
    expect(lookAt(rule, head(yaw), { context: withBaseline(usual) }).kind).toBe(kind);
  });

  test.each([
    ['the baseline', head(40), emptyContext],
    ['the head', { ...calm, head_yaw: null }, withBaseline(15)],
  ])('is unknown if %s is', (_name, features, context) => {
    expect(lookAt(rule, features, { context }).kind).toBe('unknown');
  });
});

describe('a head that is turned as usual', () => {
  const rule = ruleOf('head_turned');
  const turned: Features = { ...calm, head_yaw: 28 * deg };

  test.each([
    ['is seen', turned, withBaseline(15), 'seen'],
    ['is clear if it is turned by the baseline too', turned, withBaseline(0), 'clear'],
    ['is clear if it is left to looking_away', { ...calm, head_yaw: 38 * deg }, withBaseline(15), 'clear'],
    ['is clear while looking_away runs', turned, { ...withBaseline(15), running: new Set(['looking_away']) }, 'clear'],
    ['is clear while head_turned runs', turned, { ...withBaseline(15), running: new Set(['head_turned']) }, 'clear'],
    ['is unknown with a second face', { ...turned, no_of_face: 2 }, withBaseline(15), 'unknown'],
    ['is unknown without a baseline', turned, emptyContext, 'unknown'],
  ] as [string, Features, RuleContext, string][])('%s', (_name, features, context, kind) => {
    expect(lookAt(rule, features, { context }).kind).toBe(kind);
  });

  test('stays seen down to 20°, and opens at 25°', () => {
    const at = (yawDeg: number, active: boolean) =>
      lookAt(rule, { ...calm, head_yaw: yawDeg * deg }, { active, context: withBaseline(15) }).kind;
    expect([at(24, false), at(26, false), at(19, true), at(21, true)]).toEqual(['clear', 'seen', 'clear', 'seen']);
  });
});

describe('a known habit', () => {
  test.each([
    ['talking', 'mouth_moving', { ...calm, mouth_moving: 1 }],
    ['reading_aside', 'gaze_aside', { ...calm, gaze_direction: 'left' }],
    ['gaze_off_exam', 'gaze_off_exam', { ...calm, gaze_on_script: 0 }],
  ] as const)('of %s is seen, and only then', (type, habit, features) => {
    const kindWith = (share: number | null) =>
      lookAt(ruleOf(type), features, { context: withHabit(habit, share) }).kind;
    expect([kindWith(0.9), kindWith(0.31), kindWith(0.3), kindWith(null)]).toEqual([
      'seen',
      'seen',
      'unknown',
      'unknown',
    ]);
  });
});

test('a rule for a known habit gives what its rule would give if only that habit were rare', () => {
  const rules = [
    [gazeOffExam, 'gaze_off_exam'],
    [readingAside, 'gaze_aside'],
    [talking, 'mouth_moving'],
  ] as const;
  const share = fc.constantFrom(null, 0, 0.3, 0.31, 1);
  const flag = fc.constantFrom(null, 0, 1);
  fc.assert(
    fc.property(
      fc.constantFrom(...rules),
      fc.record({ mouth_moving: share, gaze_aside: share, gaze_off_exam: share }),
      fc.record({
        mouth_moving: flag,
        gaze_on_script: flag,
        gaze_direction: fc.constantFrom(null, 'center', 'left', 'right'),
      }),
      ([rule, habit], habits, readings) => {
        fc.pre(isKnownHabit(habit, habits));
        const look = (by: Rule, of: Habits) =>
          lookAt(by, { ...calm, ...readings }, { context: { ...knownContext, habits: of } });
        expect(look(ruleOf(rule.type), habits)).toEqual(look(rule, { ...habits, [habit]: 0 }));
      },
    ),
    { numRuns: 500 },
  );
});

describe('a frame', () => {
  const angle = fc.integer({ min: -80, max: 80 });
  const offset = fc.integer({ min: -15, max: 15 });

  test('is never seen by both a rule and its usual counterpart', () => {
    const pairs: [Rule, Rule][] = [
      [lookingAwayFromBaseline, ruleOf('looking_away')],
      [headTurned, ruleOf('head_turned')],
      [talking, ruleOf('talking')],
    ];
    const share = fc.constantFrom(null, 0, 0.3, 0.6, 1);
    fc.assert(
      fc.property(angle, angle, offset, offset, share, (yaw, pitch, usualYaw, usualPitch, mouth) => {
        const features: Features = { ...calm, head_yaw: yaw * deg, head_pitch: pitch * deg, mouth_moving: 1 };
        const context = {
          ...withBaseline(usualYaw, usualPitch),
          habits: { ...knownContext.habits, mouth_moving: mouth },
        };
        for (const [rule, usual] of pairs) {
          const kinds = [rule, usual].map((one) => lookAt(one, features, { context }).kind);
          expect(kinds).not.toEqual(['seen', 'seen']);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('that looks away by the camera is always seen, by the rule or as usual', () => {
    fc.assert(
      fc.property(angle, offset, offset, (yaw, usualYaw, usualPitch) => {
        const features: Features = { ...calm, head_yaw: yaw * deg };
        const context = withBaseline(usualYaw, usualPitch);
        const isAway = Math.abs(yaw) >= 38;
        const kinds = [lookingAwayFromBaseline, ruleOf('looking_away')].map(
          (rule) => lookAt(rule, features, { context }).kind,
        );
        expect(kinds.includes('seen')).toBe(isAway || kinds[0] === 'seen');
      }),
    );
  });
});
