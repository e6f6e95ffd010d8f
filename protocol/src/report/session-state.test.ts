import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calm } from '../../test/rule-run.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { Features } from '../frame/feature-frame.ts';
import { ruleSet1, ruleSet2 } from '../rules/rule-set.ts';
import { compareFrames, endSession, observationsOf, startSession, stepSession } from './session-state.ts';
import type { SessionState } from './session-state.ts';

const frameMs = 200;
const away: Features = { ...calm, no_of_face: 0, face_present: 0 };
const frameAt = (ms: number, features: Features) => ({ ...features, frame_id: String(ms), timestamp: ms });
/** The state after frames at these times, and all events. */
const after = (
  frames: readonly (readonly [ms: number, features: Features])[],
  set = ruleSet2,
  from = startSession(),
) => {
  let state = from;
  const events: string[] = [];
  for (const [ms, features] of frames) {
    const [next, opened] = stepSession(state, frameAt(ms, features), set);
    state = next;
    events.push(...opened.map(({ event, observation }) => `${event} ${observation.type}`));
  }
  return { state, events };
};
const every = (fromMs: number, toMs: number, features: Features) =>
  Array.from({ length: (toMs - fromMs) / frameMs + 1 }, (_, at) => [fromMs + at * frameMs, features] as const);

describe('the state of a session', () => {
  test('starts without frames, coverage or observations', () => {
    expect(startSession()).toEqual({
      rules: {},
      coverage: null,
      observations: [],
      violations: [],
      violationsNotListed: 0,
      frames: 0,
      watchedMs: {},
      lastFrameId: null,
    });
  });

  test('counts frames and remembers the last one', () => {
    expect(after(every(0, 1000, calm)).state).toMatchObject({ frames: 6, lastFrameId: '1000' });
  });

  test('gives events when observations open and close', () => {
    const { events, state } = after([...every(0, 2000, away), ...every(2200, 4000, calm)]);
    expect(events).toEqual(['opened face_absent', 'closed face_absent']);
    expect(state.observations).toMatchObject([{ type: 'face_absent', from_ms: 0, to_ms: 2000 }]);
    expect(endSession(state, ruleSet2)).toEqual([]);
  });

  test('lists open observations too, and closes them at the end', () => {
    const { state } = after(every(0, 2000, away));
    expect(state.observations).toEqual([]);
    expect(observationsOf(state)).toMatchObject([{ type: 'face_absent', to_ms: 2000 }]);
    expect(endSession(state)).toMatchObject([{ event: 'closed', observation: { type: 'face_absent' } }]);
  });

  test('sorts observations by start, then by type', () => {
    const both: Features = { ...calm, phone_present: 1, image_obstructed: 1 };
    const { state } = after([...every(0, 1800, calm), ...every(2000, 5000, both)]);
    expect(observationsOf(state).map(({ type }) => type)).toEqual(['camera_obstructed', 'phone_visible']);
  });
});

describe('gaps in the stream', () => {
  test.each([
    [5000, 0],
    [5001, 1],
  ])('of %i ms give %i observations', (gapMs, count) => {
    const { state } = after([
      [0, calm],
      [gapMs, calm],
    ]);
    expect(state.observations).toHaveLength(count);
  });

  test('are identified by the frame before and shown by both frames', () => {
    expect(
      after([
        [0, calm],
        [9000, calm],
      ]).state.observations,
    ).toEqual([
      {
        id: 'stream_gap-0',
        type: 'stream_gap',
        from_ms: 0,
        to_ms: 9000,
        confidence: 1,
        measured: {},
        evidence: { first: '0', strongest: '0', last: '9000' },
        frames: 0,
      },
    ]);
  });

  test('are not observed by rule set 1', () => {
    expect(
      after(
        [
          [0, calm],
          [9000, calm],
        ],
        ruleSet1,
      ).state.observations,
    ).toEqual([]);
  });
});

describe('the watched time of a rule', () => {
  test('is the time in which its readings were known', () => {
    const { state } = after([...every(0, 2000, calm), ...every(2200, 4000, { ...calm, phone_present: null })]);
    expect(state.watchedMs.face_absent).toBe(4000);
    expect(state.watchedMs.phone_visible).toBe(2000);
    expect(state.watchedMs.gaze_off_exam).toBeUndefined();
  });

  test.each([
    [3000, 3000],
    [3001, undefined],
  ])('after an interval of %i ms is %s', (intervalMs, watched) => {
    expect(
      after([
        [0, calm],
        [intervalMs, calm],
      ]).state.watchedMs.face_absent,
    ).toBe(watched);
  });

  test('does not grow with a frame of the same time', () => {
    expect(
      after([
        [0, calm],
        [0, calm],
      ]).state.watchedMs,
    ).toEqual({});
  });
});

describe('violations', () => {
  const violations = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ type: 'TAB_SWITCH' as const, timestamp: at }));

  test('are listed up to 1000, and counted beyond', () => {
    const frames = Array.from(
      { length: 21 },
      (_, at) => [at * 200, { ...calm, page_violations: violations(50) }] as const,
    );
    const { state } = after(frames);
    expect(state.violations).toHaveLength(1000);
    expect(state.violationsNotListed).toBe(50);
  });

  test('that the page dropped are counted', () => {
    const { state } = after([[0, { ...calm, page_violations: violations(1), page_violations_dropped: 7 }]]);
    expect([state.violations.length, state.violationsNotListed]).toEqual([1, 7]);
  });
});

describe('what frames state about themselves', () => {
  test('keeps the latest calibration', () => {
    const calibration = (error_px: number) => ({ state: 'calibrated', at: 0, error_px }) as Calibration;
    const { state } = after([
      [0, { ...calm, calibration: calibration(80) }],
      [200, calm],
      [400, { ...calm, calibration: calibration(60) }],
      [600, { ...calm, calibration: null }],
    ]);
    expect(state.calibration?.error_px).toBe(60);
    expect(after([[0, calm]]).state).not.toHaveProperty('calibration');
  });

  test('counts corrected clocks and keeps the largest correction in either direction', () => {
    const corrected = (ms: number | null) => ({ ...calm, clock_corrected_ms: ms });
    const { state } = after([
      [0, corrected(500)],
      [200, corrected(-900)],
      [400, corrected(0)],
      [600, corrected(null)],
    ]);
    expect(state.clockCorrected).toEqual({ frames: 2, largestMs: -900 });
    expect(after([[0, corrected(0)]]).state).not.toHaveProperty('clockCorrected');
  });
});

describe('any session', () => {
  const features = fc.constantFrom<Features>(calm, away, { ...calm, phone_present: 1 }, { not_observed: 'paused' }, {});
  const frames = fc.array(fc.tuple(fc.integer({ min: 1, max: 6000 }), features), { maxLength: 60 }).map((steps) => {
    let now = 0;
    return steps.map(([ms, shown]) => [(now += ms), shown] as const);
  });

  test('gives the same state if it is stored as JSON half-way', () => {
    fc.assert(
      fc.property(frames, fc.nat(60), (list, cut) => {
        const half = JSON.parse(JSON.stringify(after(list.slice(0, cut)).state)) as SessionState;
        expect(after(list.slice(cut), ruleSet2, half).state).toEqual(after(list).state);
      }),
    );
  });

  test('never loses or shortens an observation with later frames', () => {
    fc.assert(
      fc.property(frames, fc.nat(60), (list, cut) => {
        const later = new Map(observationsOf(after(list).state).map((found) => [found.id, found]));
        for (const { id, from_ms, to_ms } of observationsOf(after(list.slice(0, cut)).state)) {
          expect(later.get(id)?.from_ms).toBe(from_ms);
          expect(later.get(id)!.to_ms).toBeGreaterThanOrEqual(to_ms);
        }
      }),
    );
  });
});

describe('the order of frames', () => {
  test('is by time, then by number, then by id', () => {
    const frames = [
      { timestamp: 1, seq: 5, frame_id: '5' },
      { timestamp: 2, seq: 0, frame_id: 'a' },
      { timestamp: 2, seq: 0, frame_id: 'b' },
      { timestamp: 2, seq: 1, frame_id: '1' },
    ];
    expect(frames.toReversed().toSorted(compareFrames)).toEqual(frames);
  });
});
