import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fillGaps, startLiveCoverage, stepLiveCoverage } from '../evidence/live-coverage.ts';
import type { LiveCoverage } from '../evidence/live-coverage.ts';
import type { Features } from '../frame/feature-frame.ts';
import { arrivalCoverageOf, coverageUntil } from './arrival-coverage.ts';

const startMs = 1_000_000;
const seen: Features = { no_of_face: 1 };
const paused: Features = { not_observed: 'paused' };
const fold = (steps: readonly (readonly [elapsedMs: number, features: Features, live?: boolean])[]): LiveCoverage =>
  steps.reduce(
    (coverage, [elapsedMs, features, live = true]) =>
      stepLiveCoverage(coverage, { ...features, timestamp: coverage.lastMs + elapsedMs }, live),
    startLiveCoverage(startMs),
  );
const span = (fromMs: number, toMs: number) => ({ from_ms: startMs + fromMs, to_ms: startMs + toMs });
const reported = (coverage: LiveCoverage, endMs: number, breaksAllowed = true) =>
  arrivalCoverageOf(coverageUntil(coverage, startMs + endMs, breaksAllowed));

/** Seen for 2 s, paused for 2 s, silent for 10 s of which 2 s arrived late, seen for 2 s. */
const session = fillGaps(
  fold([
    [2000, seen],
    [2000, paused],
    [10_000, seen],
    [2000, seen],
  ]),
  span(6000, 8000),
  false,
);

describe('coverage in the report', () => {
  test('divides the session into live, late and not observed', () => {
    expect(reported(session, 16_000)).toEqual({
      from_ms: startMs,
      to_ms: startMs + 16_000,
      duration_s: 16,
      observed_s: 6,
      share: 0.375,
      live_s: 4,
      late_s: 2,
      live_share: 0.25,
      not_observed_s: { paused: 2, no_frames: 8 },
      gaps: [
        { reason: 'paused', ...span(2000, 4000) },
        { reason: 'no_frames', ...span(4000, 14_000), late_s: 2 },
      ],
      gaps_not_listed: 0,
      late: [span(6000, 8000)],
    });
  });

  test('names a pause that the exam does not allow', () => {
    const { gaps, not_observed_s } = reported(session, 16_000, false);
    expect(gaps[0]?.reason).toBe('paused_not_allowed');
    expect(not_observed_s).toEqual({ paused_not_allowed: 2, no_frames: 8 });
  });

  test('counts the time after the last frame as a gap, beyond 3 s', () => {
    expect(reported(session, 19_000)).toMatchObject({ duration_s: 16 });
    expect(reported(session, 19_001)).toMatchObject({
      duration_s: 19.001,
      observed_s: 6,
      not_observed_s: { no_frames: 11.001 },
    });
  });

  test('leaves out what lies behind the end', () => {
    expect(reported(session, 7000)).toEqual({
      from_ms: startMs,
      to_ms: startMs + 7000,
      duration_s: 7,
      observed_s: 3,
      share: 0.4286,
      live_s: 2,
      late_s: 1,
      live_share: 0.2857,
      not_observed_s: { paused: 2, no_frames: 2 },
      gaps: [
        { reason: 'paused', ...span(2000, 4000) },
        { reason: 'no_frames', ...span(4000, 7000), late_s: 1 },
      ],
      gaps_not_listed: 0,
      late: [span(6000, 7000)],
    });
  });

  test('of an end before the session is empty', () => {
    expect(reported(session, -5000)).toMatchObject({ duration_s: 0, observed_s: 0, share: 0, gaps: [] });
  });

  test('does not list gaps below 500 ms, but counts them', () => {
    const { gaps, not_observed_s } = reported(
      fold([
        [1000, seen],
        [499, paused],
        [1000, seen],
        [500, paused],
      ]),
      2999,
    );
    expect(gaps).toEqual([{ reason: 'paused', ...span(2499, 2999) }]);
    expect(not_observed_s).toEqual({ paused: 0.999 });
  });

  test('states that gaps are missing from the list', () => {
    const long = fold(Array.from({ length: 1010 }, (_, n) => [1000, n % 2 === 0 ? paused : seen] as const));
    expect(reported(long, 1_010_000)).toMatchObject({ gaps_not_listed: 1, not_observed_s: { paused: 505 } });
    // The hand-in came halfway: the gaps that are not listed are divided as well.
    const { live_s, duration_s, not_observed_s } = reported(long, 505_000);
    expect(duration_s).toBe(505);
    expect(live_s! + not_observed_s.paused!).toBeCloseTo(505, 1);
    expect(Math.abs(live_s! - 252.5)).toBeLessThan(5);
  });
});

const anyFeatures = fc.constantFrom(seen, seen, paused, {} as Features);
const anyStep = fc.tuple(fc.integer({ min: 1, max: 9000 }), anyFeatures, fc.boolean());
const anyFill = fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 3000 }), fc.boolean());
const anyCoverage = fc
  .tuple(fc.array(anyStep, { maxLength: 40 }), fc.array(anyFill, { maxLength: 10 }))
  .map(([steps, fills]) =>
    fills.reduce((coverage, [fromMs, ms, live]) => fillGaps(coverage, span(fromMs, fromMs + ms), live), fold(steps)),
  );
const anyEndMs = fc.integer({ min: -5000, max: 400_000 });

describe('the coverage of any session, up to any moment', () => {
  test('adds up to its duration', () => {
    fc.assert(
      fc.property(anyCoverage, anyEndMs, fc.boolean(), (coverage, endMs, breaks) => {
        const { duration_s, live_s, late_s, not_observed_s } = reported(coverage, endMs, breaks);
        const missing = Object.values(not_observed_s).reduce((sum, s) => sum + s, 0);
        expect(live_s! + late_s! + missing).toBeCloseTo(duration_s, 6);
      }),
    );
  });

  test('is a share from 0 to 1, and live is part of it', () => {
    fc.assert(
      fc.property(anyCoverage, anyEndMs, (coverage, endMs) => {
        const { share, live_share, observed_s, duration_s } = reported(coverage, endMs);
        expect(share).toBeGreaterThanOrEqual(live_share!);
        expect(share).toBeLessThanOrEqual(1);
        expect(live_share).toBeGreaterThanOrEqual(0);
        expect(observed_s).toBeLessThanOrEqual(duration_s);
      }),
    );
  });

  test('never shrinks as the session continues, and grows by at most the added time', () => {
    fc.assert(
      fc.property(anyCoverage, anyEndMs, fc.integer({ min: 0, max: 60_000 }), (coverage, endMs, moreMs) => {
        const [less, more] = [reported(coverage, endMs), reported(coverage, endMs + moreMs)];
        expect(more.observed_s).toBeGreaterThanOrEqual(less.observed_s);
        expect(more.duration_s).toBeGreaterThanOrEqual(less.duration_s);
        expect(more.observed_s - less.observed_s).toBeLessThanOrEqual(moreMs / 1000 + 1e-9);
      }),
    );
  });

  test('is the same when it is cut twice', () => {
    fc.assert(
      fc.property(anyCoverage, anyEndMs, (coverage, endMs) => {
        const once = coverageUntil(coverage, startMs + endMs, true);
        expect(coverageUntil(once, startMs + endMs, true)).toEqual(once);
      }),
    );
  });
});
