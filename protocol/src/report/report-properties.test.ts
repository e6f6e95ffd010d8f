import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Features, StoredFrame } from '../frame/feature-frame.ts';
import type { ReadingGroup } from '../frame/feature-vocabulary.ts';
import { ruleSets } from '../rules/rule-set.ts';
import { foldFrames, makeReport } from './report.ts';
import type { Report } from './report.ts';

const frameMs = 200;
const session = {
  session_id: 's1',
  exam_id: null,
  member_id: null,
  status: 'ended' as const,
  started_at: '2026-01-18T10:30:00.000Z',
  ended_at: '2026-01-18T10:31:00.000Z',
};
const forward: Features = {
  no_of_face: 1,
  head_yaw: 0.02,
  head_pitch: -0.1,
  face_x: 320,
  face_y: 240,
  face_w: 160,
  image_width: 640,
  phone_present: 0,
  hand_holding_object: 0,
  mouth_moving: 0,
  gaze_direction: 'center',
  gaze_on_script: 1,
  image_obstructed: 0,
  image_frozen: 0,
};
const ofGroup: Partial<Record<ReadingGroup, readonly (keyof Features)[]>> = {
  face: ['no_of_face', 'face_x', 'face_y', 'face_w'],
  head: ['head_yaw', 'head_pitch'],
  gaze: ['gaze_direction', 'gaze_on_script'],
  mouth: ['mouth_moving'],
  phone: ['phone_present'],
  hands: ['hand_holding_object'],
};
const groups = Object.keys(ofGroup) as ReadingGroup[];

const hide = (frame: Features, hidden: readonly ReadingGroup[]): Features => {
  const names = hidden.flatMap((group) => ofGroup[group] ?? []);
  return { ...frame, ...Object.fromEntries(names.map((name) => [name, null])) };
};

/** A few seconds of identical frames: their readings, and the same readings with some hidden. */
type Stretch = readonly [seconds: number, seen: Features, hidden: Features];
const framesOf = (stretches: readonly Stretch[], which: 'seen' | 'hidden'): StoredFrame[] =>
  stretches
    .flatMap(([seconds, seen, hidden]) => Array.from({ length: seconds * 5 }, () => (which === 'seen' ? seen : hidden)))
    .map((features, seq) => ({
      ...features,
      frame_id: String(seq),
      seq,
      timestamp: 1_000_000 + seq * frameMs,
      received_at: 2_000_000 + seq * frameMs,
    }));
const reportOf = (frames: StoredFrame[], version: string): Report => {
  const set = ruleSets[version]!;
  const integrity = { frames_lost: 0, losses: {}, chain: null };
  const facts = { session, integrity, endMs: null, set, accommodations: [], weights: null };
  return makeReport(foldFrames(frames, set), facts);
};

const versions = fc.constantFrom(...Object.keys(ruleSets));
const eventful = fc
  .record({
    no_of_face: fc.constantFrom(0, 1, 1, 1, 2),
    phone_present: fc.constantFrom(0 as const, 0 as const, 1 as const),
    hand_holding_object: fc.constantFrom(0 as const, 1 as const),
    head_yaw: fc.constantFrom(0, 0, 0.5, -0.5, 0.75),
    mouth_moving: fc.constantFrom(0 as const, 1 as const),
    gaze_direction: fc.constantFrom('center' as const, 'left' as const),
    gaze_on_script: fc.constantFrom(0 as const, 1 as const),
  })
  .map((change): Features => ({ ...forward, ...change }));
const hiddenGroups = fc.subarray(groups);
const stretchOf = (readings: fc.Arbitrary<Features>, maxSeconds: number): fc.Arbitrary<Stretch> =>
  fc
    .tuple(fc.integer({ min: 1, max: maxSeconds }), readings, hiddenGroups)
    .map(([seconds, seen, hidden]) => [seconds, seen, hide(seen, hidden)]);

describe('unknown readings', () => {
  // A baseline can suppress observations. Here it is an ordinary one, so hiding its readings changes nothing.
  test('never raise the risk, whichever readings are unknown and whenever', () => {
    const first = fc
      .array(hiddenGroups, { minLength: 3, maxLength: 3 })
      .map((hidden) => hidden.map((of): Stretch => [42, forward, hide(forward, of)]));
    const later = fc.array(stretchOf(eventful, 40), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(versions, first, later, (version, before, after) => {
        const risk = (which: 'seen' | 'hidden') =>
          reportOf(framesOf([...before, ...after], which), version).risk.sum_of_points;
        expect(risk('hidden')).toBeLessThanOrEqual(risk('seen'));
      }),
      { numRuns: 150 },
    );
  });
});

describe('half a minute of ordinary behaviour', () => {
  /** A person at work, who looks around, thinks, blinks, murmurs and touches their face; the engine misses some of it. */
  const ordinary = fc.record(
    {
      head_yaw: fc.double({ min: -0.34, max: 0.34, noNaN: true }),
      head_pitch: fc.double({ min: -0.5, max: 0.38, noNaN: true }),
      face_x: fc.integer({ min: 220, max: 420 }),
      mouth_moving: fc.constantFrom(0 as const, 1 as const),
      gaze_direction: fc.constantFrom('center' as const, 'left' as const, 'bottom_right' as const, null),
      gaze_on_script: fc.constantFrom(0 as const, 1 as const, null),
    },
    { requiredKeys: [] },
  );
  const stretch = fc
    .tuple(fc.integer({ min: 1, max: 10 }), ordinary, hiddenGroups)
    .map(([seconds, change, hidden]): Stretch => {
      const reading = hide({ ...forward, ...change }, hidden);
      return [seconds, reading, reading];
    });

  test('gives no observation and no risk', () => {
    fc.assert(
      fc.property(versions, fc.array(stretch, { minLength: 6, maxLength: 20 }), (version, stretches) => {
        const made = reportOf(framesOf(stretches, 'seen').slice(0, 150), version);
        expect(made.observations).toEqual([]);
        expect(made.risk.value).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the arithmetic of the risk', () => {
  const anySession = fc.array(stretchOf(eventful, 60), { minLength: 1, maxLength: 8 });
  const number = String.raw`(\d+(?:\.\d+)?)`;
  const form = new RegExp(
    String.raw`^${number} × min\(1, \(${number} s / (?:max\()?${number} s(?:, ${number} s\))? × ${number}\) / ${number}\) = ${number}$`,
  );

  test('can be checked by hand, type by type, and adds up', () => {
    fc.assert(
      fc.property(versions, anySession, (version, stretches) => {
        const { risk } = reportOf(framesOf(stretches, 'hidden'), version);
        for (const { max_points, points, arithmetic } of risk.contributions.filter(
          ({ max_points: max, coverage }) => max > 0 && coverage > 0,
        )) {
          const [, max, seconds, observed, least, covered, fullAt, result] = form.exec(arithmetic) ?? [];
          const of = Math.max(Number(observed), Number(least ?? 0));
          const again = Number(max) * Math.min(1, ((Number(seconds) / of) * Number(covered)) / Number(fullAt));
          // Points are rounded to one decimal, coverage to four.
          expect(Math.abs(again - points)).toBeLessThanOrEqual(0.0501 + (again * 0.00005) / Number(covered));
          expect(Number(result)).toBe(points);
          expect(points).toBeLessThanOrEqual(max_points);
        }
        const sum = risk.contributions.reduce((total, { points }) => total + points, 0);
        expect(risk.sum_of_points).toBeCloseTo(sum, 6);
        expect(risk.value).toBe(Math.round(Math.min(risk.capped_at, risk.sum_of_points)));
      }),
      { numRuns: 150 },
    );
  });

  test('does not depend on the length of the exam beyond ten minutes', () => {
    const part: Stretch[] = [
      [400, forward, forward],
      [8, { ...forward, phone_present: 1 }, forward],
      [312, forward, forward],
    ];
    const [once, thrice] = [part, [...part, ...part, ...part]].map(
      (stretches) => reportOf(framesOf(stretches, 'seen'), '2').risk.sum_of_points,
    );
    expect(once).toBeGreaterThan(5);
    expect(Math.abs((thrice ?? 0) - (once ?? 0))).toBeLessThanOrEqual(0.1);
  });
});
