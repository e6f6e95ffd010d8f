import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Features } from '../frame/feature-frame.ts';
import { fillGaps, observedBetween, startLiveCoverage, stepLiveCoverage } from './live-coverage.ts';
import type { LiveCoverage, LiveGapReason } from './live-coverage.ts';
import { unionMs } from './time-span.ts';

const startMs = 1_000_000;
const seen: Features = { no_of_face: 1 };
const paused: Features = { not_observed: 'paused' };

/** One frame: time since the previous one, readings, and whether it arrived live. */
type Step = readonly [elapsedMs: number, features: Features, live?: boolean];

const fold = (steps: readonly Step[], from = startLiveCoverage(startMs)): LiveCoverage => {
  let timestamp = from.lastMs;
  return steps.reduce((coverage, [elapsedMs, features, live = true]) => {
    timestamp += elapsedMs;
    return stepLiveCoverage(coverage, { ...features, timestamp }, live);
  }, from);
};
const at = (afterMs: number) => startMs + afterMs;
const span = (fromMs: number, toMs: number) => ({ from_ms: at(fromMs), to_ms: at(toMs) });
const sumOf = (ms: Partial<Record<LiveGapReason, number>>): number =>
  Object.values(ms).reduce((sum, part) => sum + part, 0);

describe('a frame', () => {
  test('covers the time since the one before it, live or late', () => {
    expect(fold([[1000, seen]])).toMatchObject({ lastMs: at(1000), liveMs: 1000, lateMs: 0, gaps: [], late: [] });
    expect(fold([[1000, seen, false]])).toMatchObject({ liveMs: 0, lateMs: 1000, late: [span(0, 1000)] });
  });

  test.each([0, -1, -5000])('that is %i ms after the one before changes nothing', (elapsedMs) => {
    const before = fold([[2000, seen]]);
    expect(fold([[elapsedMs, paused]], before)).toBe(before);
  });

  test('covers up to 3 s; a longer time is a gap without frames, whatever the frame shows', () => {
    expect(fold([[3000, seen]]).liveMs).toBe(3000);
    for (const features of [seen, paused]) {
      const coverage = fold([[3001, features]]);
      expect(coverage.gaps).toEqual([{ reason: 'no_frames', ...span(0, 3001) }]);
      expect(coverage).toMatchObject({ liveMs: 0, gapMs: { no_frames: 3001 } });
    }
  });

  test('that reports a suspended page names the gap before it', () => {
    const suspended: Features = { not_observed: 'page_suspended' };
    const coverage = fold([
      [60_000, suspended],
      [200, seen],
    ]);
    expect(coverage.gaps).toEqual([{ reason: 'page_suspended', ...span(0, 60_000) }]);
    expect(coverage).toMatchObject({ liveMs: 200, gapMs: { page_suspended: 60_000 } });
    expect(fillGaps(coverage, span(1000, 2000), true)).toBe(coverage);
  });

  test.each([
    ['its own reason', { not_observed: 'camera_lost' }, 'camera_lost'],
    ['the reason of the face group', { unknown: { face: 'too_dark' } }, 'too_dark'],
    ['a failed detector if it has no reason', {}, 'detector_failed'],
  ] as const)('that does not show the student is a gap with %s', (_name, features, reason) => {
    expect(fold([[1000, features]]).gapMs).toEqual({ [reason]: 1000 });
  });
});

describe('the list of gaps', () => {
  test('joins neighbours of the same reason only', () => {
    const { gaps } = fold([
      [1000, paused],
      [1000, paused],
      [1000, { not_observed: 'camera_lost' }],
      [1000, paused],
      [1000, seen],
      [1000, paused],
    ]);
    expect(gaps).toEqual([
      { reason: 'paused', ...span(0, 2000) },
      { reason: 'camera_lost', ...span(2000, 3000) },
      { reason: 'paused', ...span(3000, 4000) },
      { reason: 'paused', ...span(5000, 6000) },
    ]);
  });

  test('is bounded, and the totals continue', () => {
    const coverage = fold(Array.from({ length: 1400 }, (_, n): Step => [1000, n % 2 === 0 ? paused : seen]));
    expect(coverage.gaps).toHaveLength(500);
    expect(coverage).toMatchObject({ gapMs: { paused: 700_000 }, liveMs: 700_000, listedUntilMs: at(0) });
  });

  test('keeps a long absence after and before any number of short ones, which are spread over the rest', () => {
    const flicker = Array.from({ length: 1200 }, (_, n): Step => [1000, n % 2 === 0 ? paused : seen]);
    const coverage = fold([...flicker, [600_000, seen], ...flicker]);
    const absence = span(1_200_000, 1_800_000);
    expect(observedBetween(coverage, absence)).toEqual({
      liveMs: 0,
      lateMs: 0,
      notObservedMs: { no_frames: 600_000 },
    });
    const [before, after] = [span(0, 1_200_000), span(1_800_000, 3_000_000)].map((part) =>
      observedBetween(coverage, part),
    );
    expect(before!.liveMs + after!.liveMs).toBeCloseTo(1_200_000, 3);
    expect(before!.liveMs).toBeLessThan(1_200_000);
  });
});

describe('the list of late times', () => {
  test('joins neighbours', () => {
    const { late } = fold([
      [1000, seen, false],
      [1000, seen, false],
      [1000, seen, true],
      [1000, seen, false],
    ]);
    expect(late).toEqual([span(0, 2000), span(3000, 4000)]);
  });

  test('is bounded, and the totals continue', () => {
    const coverage = fold(Array.from({ length: 1200 }, (_, n): Step => [1000, seen, n % 2 === 1]));
    expect(coverage.late).toHaveLength(500);
    expect(coverage).toMatchObject({ lateMs: 600_000, liveMs: 600_000, listedUntilMs: at(1_000_000) });
  });
});

describe('a frame behind newer ones', () => {
  const silent = fold([
    [1000, seen],
    [20_000, seen],
  ]);

  test('that came within 30 s turns its part of the gap into live time', () => {
    const filled = fillGaps(silent, span(5000, 7000), true);
    expect(filled.gaps).toEqual([
      { reason: 'no_frames', ...span(1000, 5000) },
      { reason: 'no_frames', ...span(7000, 21_000) },
    ]);
    expect(filled).toMatchObject({ liveMs: 3000, gapMs: { no_frames: 18_000 }, filledMs: 0 });
  });

  test('that came later is listed as late, and the gap stays', () => {
    const filled = fillGaps(silent, span(5000, 7000), false);
    expect(filled.gaps).toEqual(silent.gaps);
    expect(filled).toMatchObject({ liveMs: 1000, lateMs: 2000, filledMs: 2000, late: [span(5000, 7000)] });
    expect(filled.gapMs).toEqual({ no_frames: 20_000 });
  });

  test.each([true, false])('covers no more than 3 s (live: %s)', (live) => {
    expect(fillGaps(silent, span(5000, 8001), live)).toBe(silent);
    expect(fillGaps(silent, span(5000, 8000), live)).not.toBe(silent);
  });

  test.each([true, false])('covers nothing outside of a gap without frames (live: %s)', (live) => {
    const known = fold([
      [2000, seen],
      [2000, paused],
    ]);
    expect(fillGaps(known, span(0, 2000), live)).toBe(known);
    expect(fillGaps(known, span(2000, 4000), live)).toBe(known);
  });

  test('that came within 30 s adds nothing to time that is late already', () => {
    const late = fillGaps(silent, span(5000, 7000), false);
    const filled = fillGaps(late, span(6000, 8000), true);
    expect(filled).toMatchObject({ liveMs: 2000, lateMs: 2000, filledMs: 2000, gapMs: { no_frames: 19_000 } });
  });

  test('counts the same late time once', () => {
    const once = fillGaps(silent, span(5000, 7000), false);
    expect(fillGaps(once, span(5000, 7000), false)).toBe(once);
    expect(fillGaps(once, span(6000, 8000), false)).toMatchObject({ lateMs: 3000, filledMs: 3000 });
  });
});

describe('coverage between two moments', () => {
  const coverage = fillGaps(
    fold([
      [1000, seen],
      [1000, paused],
      [10_000, seen],
      [1000, seen, false],
      [1000, seen],
    ]),
    span(4000, 6000),
    false,
  );

  test.each([
    ['everything', 0, 14_000, { liveMs: 2000, lateMs: 3000, notObservedMs: { paused: 1000, no_frames: 8000 } }],
    ['a live part', 200, 700, { liveMs: 500, lateMs: 0, notObservedMs: {} }],
    ['a late part of a gap', 4500, 5500, { liveMs: 0, lateMs: 1000, notObservedMs: {} }],
    ['across the end of a gap', 11_000, 12_500, { liveMs: 0, lateMs: 500, notObservedMs: { no_frames: 1000 } }],
    ['no time', 5000, 5000, { liveMs: 0, lateMs: 0, notObservedMs: {} }],
  ])('%s', (_name, fromMs, toMs, observed) => {
    expect(observedBetween(coverage, span(fromMs, toMs))).toEqual(observed);
  });
});

const anyFeatures = fc.constantFrom<Features>(seen, seen, seen, paused, {}, { not_observed: 'camera_lost' });
const anyStep = fc.tuple(fc.integer({ min: -500, max: 9000 }), anyFeatures, fc.boolean());
const anySteps = fc.array(anyStep, { maxLength: 60 });
const anyFill = fc.tuple(fc.integer({ min: -2000, max: 200_000 }), fc.integer({ min: 1, max: 4000 }), fc.boolean());
/** A session with late arrivals among its frames. */
const anySession = fc
  .array(
    fc.oneof(
      anyStep.map((step) => ({ step })),
      anyFill.map((fill) => ({ fill })),
    ),
    { maxLength: 80 },
  )
  .map((events) => {
    const states = [startLiveCoverage(startMs)];
    for (const event of events) {
      const before = states.at(-1)!;
      if ('step' in event) states.push(fold([event.step], before));
      else {
        const [fromMs, ms, live] = event.fill;
        states.push(fillGaps(before, span(fromMs, fromMs + ms), live));
      }
    }
    return states;
  });

describe('live coverage of any session', () => {
  test('divides the elapsed time into live, late and not observed, without a rest', () => {
    fc.assert(
      fc.property(anySession, (states) => {
        const { lastMs, fromMs, liveMs, lateMs, gapMs, filledMs } = states.at(-1)!;
        expect(liveMs + lateMs + sumOf(gapMs) - filledMs).toBe(lastMs - fromMs);
      }),
    );
  });

  test('never takes back live or late time, and never exceeds the elapsed time', () => {
    fc.assert(
      fc.property(anySession, (states) => {
        for (const [n, { liveMs, lateMs, lastMs, fromMs }] of states.entries()) {
          const before = states[Math.max(0, n - 1)]!;
          expect(liveMs).toBeGreaterThanOrEqual(before.liveMs);
          expect(lateMs).toBeGreaterThanOrEqual(before.lateMs);
          expect(lastMs).toBeGreaterThanOrEqual(before.lastMs);
          expect(liveMs + lateMs).toBeLessThanOrEqual(lastMs - fromMs);
        }
      }),
    );
  });

  test('lists gaps and late times inside of the session, each moment once', () => {
    fc.assert(
      fc.property(anySession, (states) => {
        const { gaps, late, fromMs, lastMs, lateMs, gapMs } = states.at(-1)!;
        for (const list of [gaps, late]) {
          const listedMs = list.reduce((sum, { from_ms, to_ms }) => sum + to_ms - from_ms, 0);
          expect(unionMs(list)).toBe(listedMs);
          for (const { from_ms, to_ms } of list) {
            expect(from_ms).toBeGreaterThanOrEqual(fromMs);
            expect(to_ms).toBeLessThanOrEqual(lastMs);
            expect(to_ms).toBeGreaterThan(from_ms);
          }
        }
        expect(unionMs(late)).toBe(lateMs);
        expect(unionMs(gaps)).toBe(sumOf(gapMs));
      }),
    );
  });

  test('adds up over the parts of the session', () => {
    fc.assert(
      fc.property(anySession, fc.double({ min: 0, max: 1, noNaN: true }), (states, share) => {
        const coverage = states.at(-1)!;
        const middleMs = Math.round(coverage.fromMs + share * (coverage.lastMs - coverage.fromMs));
        const [before, after, whole] = [
          { from_ms: coverage.fromMs, to_ms: middleMs },
          { from_ms: middleMs, to_ms: coverage.lastMs },
          { from_ms: coverage.fromMs, to_ms: coverage.lastMs },
        ].map((part) => observedBetween(coverage, part));
        expect(before!.liveMs + after!.liveMs).toBe(whole!.liveMs);
        expect(before!.lateMs + after!.lateMs).toBe(whole!.lateMs);
        expect(sumOf(before!.notObservedMs) + sumOf(after!.notObservedMs)).toBe(sumOf(whole!.notObservedMs));
        expect(whole!.liveMs).toBe(coverage.liveMs);
      }),
    );
  });

  test('adds up over its parts when the lists are full, and no part has more live time than the totals allow', () => {
    const anyLong = fc.tuple(anySteps, fc.integer({ min: 40, max: 60 }), fc.array(anyFill, { maxLength: 20 }));
    fc.assert(
      fc.property(anyLong, fc.double({ min: 0, max: 1, noNaN: true }), ([steps, times, fills], share) => {
        const long = fold(Array.from({ length: times }, () => steps).flat());
        const coverage = fills.reduce(
          (filled, [fromMs, ms, live]) => fillGaps(filled, span(fromMs, fromMs + ms), live),
          long,
        );
        const middleMs = Math.round(coverage.fromMs + share * (coverage.lastMs - coverage.fromMs));
        const parts = [
          { from_ms: coverage.fromMs, to_ms: middleMs },
          { from_ms: middleMs, to_ms: coverage.lastMs },
        ].map((part) => observedBetween(coverage, part));
        const sum = (of: (part: (typeof parts)[number]) => number): number =>
          parts.reduce((all, part) => all + of(part), 0);
        expect(sum(({ liveMs }) => liveMs)).toBeCloseTo(coverage.liveMs, 2);
        expect(sum(({ lateMs }) => lateMs)).toBeCloseTo(coverage.lateMs, 2);
        expect(sum(({ notObservedMs }) => sumOf(notObservedMs))).toBeCloseTo(
          sumOf(coverage.gapMs) - coverage.filledMs,
          2,
        );
      }),
      { numRuns: 40 },
    );
  });

  test('continues after it was stored as JSON', () => {
    fc.assert(
      fc.property(anySteps, anySteps, (one, two) => {
        const stored = JSON.parse(JSON.stringify(fold(one))) as LiveCoverage;
        expect(fold(two, stored)).toEqual(fold(two, fold(one)));
      }),
    );
  });
});
