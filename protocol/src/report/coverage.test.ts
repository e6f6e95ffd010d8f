import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Features } from '../frame/feature-frame.ts';
import { coverageOf, startCoverage, stepCoverage } from './coverage.ts';
import type { CoverageState } from './coverage.ts';

const startMs = 1_000_000;
const seen: Features = { no_of_face: 1 };
const paused: Features = { not_observed: 'paused' };
/** The coverage of frames at the given offsets from the start. */
const after = (...frames: [ms: number, features: Features][]): CoverageState =>
  frames.reduce(
    (state, [ms, features]) => stepCoverage(state, { ...features, frame_id: String(ms), timestamp: startMs + ms }),
    startCoverage(startMs),
  );

describe('coverage', () => {
  test('of one frame is empty', () => {
    expect(coverageOf(startCoverage(startMs), startMs)).toMatchObject({
      duration_s: 0,
      observed_s: 0,
      share: 0,
      gaps: [],
    });
  });

  test('counts the interval before each observed frame', () => {
    expect(coverageOf(after([1000, seen], [3000, seen]), startMs + 3000)).toMatchObject({
      duration_s: 3,
      observed_s: 3,
      share: 1,
    });
  });

  test.each([
    [3000, 1, []],
    [3001, 0, [{ reason: 'no_frames', from_ms: startMs, to_ms: startMs + 3001 }]],
  ])('an interval of %i ms is observed with a share of %s', (ms, share, gaps) => {
    expect(coverageOf(after([ms, seen]), startMs + ms)).toMatchObject({ share, gaps });
  });

  test('gives the reason of each gap and joins neighbouring gaps with the same reason', () => {
    const state = after([1000, seen], [2000, paused], [3000, paused], [4000, { unknown: { face: 'blurred' } }]);
    expect(coverageOf(state, startMs + 4000)).toMatchObject({
      observed_s: 1,
      share: 0.25,
      not_observed_s: { paused: 2, blurred: 1 },
      gaps: [
        { reason: 'paused', from_ms: startMs + 1000, to_ms: startMs + 3000 },
        { reason: 'blurred', from_ms: startMs + 3000, to_ms: startMs + 4000 },
      ],
    });
  });

  test.each([
    [499, 0],
    [500, 1],
  ])('a gap of %i ms is listed %i times, and counted', (ms, listed) => {
    const coverage = coverageOf(after([ms, paused]), startMs + ms);
    expect(coverage.gaps).toHaveLength(listed);
    expect(coverage.not_observed_s).toEqual({ paused: ms / 1000 });
  });

  test('ends with the last frame, or with a gap if the session went on for more than 3 s', () => {
    const state = after([1000, seen]);
    expect(coverageOf(state, startMs + 4000).to_ms).toBe(startMs + 1000);
    expect(coverageOf(state, startMs + 4001)).toMatchObject({
      duration_s: 4.001,
      not_observed_s: { no_frames: 3.001 },
    });
  });

  test('ignores a frame that is not later than the last', () => {
    const state = after([1000, seen]);
    expect(stepCoverage(state, { ...paused, frame_id: 'x', timestamp: startMs + 1000 })).toBe(state);
    expect(stepCoverage(state, { ...paused, frame_id: 'x', timestamp: startMs })).toBe(state);
  });

  test('lists at most 500 gaps and counts the others', () => {
    const frames = Array.from({ length: 1100 }, (_, at): [number, Features] => [
      (at + 1) * 1000,
      at % 2 === 0 ? paused : seen,
    ]);
    const coverage = coverageOf(after(...frames), startMs + 1_100_000);
    expect(coverage).toMatchObject({ gaps_not_listed: 50, not_observed_s: { paused: 550 } });
    expect(coverage.gaps).toHaveLength(500);
  });

  test('always adds up to the duration', () => {
    const step = fc.tuple(fc.integer({ min: 0, max: 8000 }), fc.constantFrom(seen, paused, {}));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 0, max: 9000 }), (steps, tailMs) => {
        let now = 0;
        const state = after(...steps.map(([ms, features]): [number, Features] => [(now += ms), features]));
        const { duration_s, observed_s, share, not_observed_s } = coverageOf(state, startMs + now + tailMs);
        const missing = Object.values(not_observed_s).reduce((sum, seconds) => sum + seconds, 0);
        expect(observed_s + missing).toBeCloseTo(duration_s, 6);
        expect(share).toBeGreaterThanOrEqual(0);
        expect(share).toBeLessThanOrEqual(1);
      }),
    );
  });
});
