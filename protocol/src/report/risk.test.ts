import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observationTypes } from '../rules/observation.ts';
import type { Observation, ObservationType } from '../rules/observation.ts';
import { riskWeightSets, riskWeightsFor } from './risk-weights.ts';
import { riskOf } from './risk.ts';

const lasting = (type: ObservationType, seconds: number, from_ms = 0): Observation => ({
  id: `${type}-${from_ms}`,
  type,
  from_ms,
  to_ms: from_ms + seconds * 1000,
  confidence: 0.9,
  measured: {},
  evidence: { first: '0', strongest: '0', last: '1' },
  frames: 2,
});
const hour = { durationMs: 3_600_000, observedMs: 3_600_000 };
const [weights1, weights2] = [riskWeightSets['1']!, riskWeightSets['2']!];

describe('the risk', () => {
  test('of nothing is 0', () => {
    expect(riskOf([], hour, weights2)).toEqual({
      value: 0,
      weights_version: '2',
      contributions: [],
      sum_of_points: 0,
      capped_at: 100,
      cap_reason: null,
    });
  });

  test('grows with the share of the observed time, up to the maximum', () => {
    const points = (seconds: number) => riskOf([lasting('phone_visible', seconds)], hour, weights2).sum_of_points;
    expect([points(0), points(18), points(90), points(180), points(1800)]).toEqual([0, 4, 20, 40, 40]);
  });

  test('adds up several observations of one type', () => {
    const [one, two] = [[lasting('talking', 60)], [lasting('talking', 30), lasting('talking', 30, 90_000)]];
    expect(riskOf(two, hour, weights2)).toEqual(riskOf(one, hour, weights2));
  });

  test('sorts contributions by points, then by type', () => {
    const observations = (['low_quality', 'talking', 'stream_gap', 'phone_visible'] as const).map((type) =>
      lasting(type, 180),
    );
    expect(riskOf(observations, hour, weights2).contributions.map(({ type }) => type)).toEqual([
      'phone_visible',
      'talking',
      'low_quality',
      'stream_gap',
    ]);
  });

  test.each(['camera_obstructed', 'camera_frozen', 'low_quality', 'stream_gap', 'student_moved'] as const)(
    'never counts %s, and states it',
    (type) => {
      const { value, contributions } = riskOf([lasting(type, 3000)], hour, weights2);
      expect(value).toBe(0);
      expect(contributions[0]?.arithmetic).toBe('3000 s: a note about the image or the stream, which never counts');
    },
  );

  test('takes shares of at least ten minutes, in version 2', () => {
    const minute = { durationMs: 60_000, observedMs: 60_000 };
    const observations = [lasting('phone_visible', 3)];
    expect(riskOf(observations, minute, weights1).sum_of_points).toBe(40);
    expect(riskOf(observations, minute, weights2).sum_of_points).toBe(4);
    expect(riskOf(observations, minute, weights2).contributions[0]?.arithmetic).toBe(
      '40 × min(1, (3 s / max(60 s, 600 s) × 1) / 0.05) = 4',
    );
  });

  test.each([
    [0.5, 100],
    [0.499, 49],
    [0.1, 10],
    [0, 0],
  ])('with a coverage of %s is capped at %i', (share, cap) => {
    const time = { durationMs: 3_600_000, observedMs: 3_600_000 * share };
    const risk = riskOf([lasting('phone_visible', 3000), lasting('multiple_faces', 3000)], time, weights2);
    expect(risk.capped_at).toBe(cap);
    expect(risk.cap_reason === null).toBe(cap === 100);
    expect(risk.value).toBeLessThanOrEqual(cap);
  });

  test('is 0 if nothing was observed', () => {
    const risk = riskOf([lasting('phone_visible', 3)], { durationMs: 0, observedMs: 0 }, weights1);
    expect(risk).toMatchObject({ value: 0, sum_of_points: 0, capped_at: 0 });
    expect(risk.contributions[0]?.arithmetic).toBe('40 × 0, because nothing was observed = 0');
  });

  test('never falls with a longer observation, and never rises with less coverage', () => {
    const observation = fc.tuple(fc.constantFrom(...observationTypes), fc.integer({ min: 0, max: 600 }));
    const share = fc.integer({ min: 0, max: 1000 }).map((thousandths) => thousandths / 1000);
    const any = fc.array(observation, { maxLength: 6 });
    fc.assert(
      fc.property(any, share, share, fc.constantFrom(weights1, weights2), (list, a, b, weights) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)].map((part) => ({
          durationMs: 3_600_000,
          observedMs: 3_600_000 * part,
        }));
        const risk = (factor: number, time = more!) =>
          riskOf(
            list.map(([type, seconds]) => lasting(type, seconds * factor)),
            time,
            weights,
          ).sum_of_points;
        expect(risk(2)).toBeGreaterThanOrEqual(risk(1));
        // Points are rounded to one decimal for each type, so equal shares can differ by that much.
        expect(risk(1, less)).toBeLessThanOrEqual(risk(1) + 0.1 * list.length + 1e-9);
      }),
    );
  });
});

describe('the weights', () => {
  test('belong to a version of the rules', () => {
    expect(riskWeightsFor('1').version).toBe('1');
    expect(riskWeightsFor('2').version).toBe('2');
  });

  test.each(Object.entries(riskWeightSets))('of version %s are known under it and in range', (version, weights) => {
    expect(weights.version).toBe(version);
    for (const { max_points, full_at_share } of Object.values(weights.weights)) {
      expect(max_points).toBeGreaterThanOrEqual(0);
      expect(max_points).toBeLessThanOrEqual(100);
      expect(full_at_share).toBeGreaterThan(0);
      expect(full_at_share).toBeLessThanOrEqual(1);
    }
  });
});
