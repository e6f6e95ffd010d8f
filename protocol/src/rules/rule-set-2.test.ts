import { describe, expect, test } from 'vitest';
import { startSession, stepSession } from '../report/session-state.ts';
import { observationsOf } from '../report/session-state.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { Features } from '../frame/feature-frame.ts';
import { accommodate } from './accommodation.ts';
import type { ObservationType } from './observation.ts';
import { ruleSet1, ruleSet2 } from './rule-set.ts';
import type { RuleSet } from './rule-set.ts';

const frameMs = 200;
const deg = Math.PI / 180;
const calm: Features = {
  no_of_face: 1,
  head_yaw: 0,
  head_pitch: 0,
  face_x: 320,
  face_y: 240,
  face_w: 120,
  image_width: 640,
  image_height: 480,
  phone_present: 0,
  image_obstructed: 0,
  image_frozen: 0,
  mouth_moving: 0,
  gaze_direction: 'center',
};

/** `[seconds, features]`; null: a period without frames. */
const observe = (stretches: [number, Features | null][], set: RuleSet = ruleSet2) => {
  let state = startSession();
  let tick = 0;
  for (const [seconds, features] of stretches) {
    for (let i = 0; i < (seconds * 1000) / frameMs; i += 1, tick += 1) {
      if (features === null) continue;
      [state] = stepSession(state, { ...features, frame_id: String(tick), timestamp: tick * frameMs }, set);
    }
  }
  return { state, seen: observationsOf(state, set).map(({ type, from_ms, to_ms }) => [type, from_ms, to_ms]) };
};

describe('rule set 2', () => {
  test('observes nothing in an uneventful session', () => {
    expect(observe([[120, calm]]).seen).toEqual([]);
  });

  test.each([
    ['gaze_off_exam', { gaze_on_script: 0 }, 6],
    ['reading_aside', { gaze_direction: 'left' }, 12],
    ['head_turned', { head_yaw: 30 * deg }, 10],
    ['talking', { mouth_moving: 1 }, 25],
    ['hand_with_object', { hand_holding_object: 1 }, 6],
    ['student_moved', { face_x: 40, face_y: 40, face_w: 60 }, 20],
    ['low_quality', { unknown: { face: 'too_dark' } }, 15],
  ] as [string, Features, number][])('observes %s when it lasts, and not when it is short', (type, change, seconds) => {
    const usual: Features = type === 'gaze_off_exam' ? { ...calm, gaze_on_script: 1 } : calm;
    const long = observe([
      [70, usual],
      [seconds, { ...usual, ...change }],
      [10, usual],
    ]);
    expect(long.seen).toEqual([[type, 70_000, 70_000 + seconds * 1000 - frameMs]]);
    expect(
      observe([
        [70, usual],
        [2, { ...usual, ...change }],
        [10, usual],
      ]).seen,
    ).toEqual([]);
  });

  test('observes a gap in the stream, from the last frame before to the first after', () => {
    expect(
      observe([
        [10, calm],
        [8, null],
        [10, calm],
      ]).seen,
    ).toEqual([['stream_gap', 9800, 18_000]]);
  });

  test('observes a condition at one frame a second or less, if every frame shows it', () => {
    const absent: Features = { ...calm, no_of_face: 0, head_yaw: null, head_pitch: null };
    const at = (everyMs: number, set: RuleSet) => {
      let state = startSession();
      for (let tick = 0; tick < 15; tick += 1) {
        const features = tick >= 5 && tick < 10 ? absent : calm;
        [state] = stepSession(state, { ...features, frame_id: String(tick), timestamp: tick * everyMs }, set);
      }
      return observationsOf(state, set).map(({ type, from_ms, to_ms }) => [type, from_ms, to_ms]);
    };
    expect(at(1010, ruleSet2)).toEqual([['face_absent', 5050, 9090]]);
    expect(at(2500, ruleSet2)).toEqual([['face_absent', 12_500, 22_500]]);
    expect(at(3500, ruleSet2)).toEqual([]);
    // Version 1 bridges one second, even if there is no frame in between.
    expect(at(1010, ruleSet1)).toEqual([]);
  });

  test('needs more than one frame for a frozen camera', () => {
    const frozen: Features = { ...calm, no_of_face: null, image_frozen: 1, image_frozen_for_ms: 1200 };
    const around: [number, Features] = [5, calm];
    expect(observe([around, [0.2, frozen], around]).seen).toEqual([]);
    expect(observe([around, [0.4, frozen], around]).seen).toMatchObject([['camera_frozen', 3800, 5200]]);
  });

  test('compares the head with the baseline', () => {
    const low: Features = { ...calm, head_pitch: -14 * deg, head_yaw: 10 * deg };
    const further: Features = { ...low, head_yaw: 42 * deg };
    expect(
      observe([
        [60, low],
        [5, further],
        [5, low],
      ]).seen,
    ).toEqual([]);
    expect(
      observe([
        [60, calm],
        [5, further],
        [5, calm],
      ]).seen,
    ).toMatchObject([['looking_away', 60_000, 64_800]]);
  });

  test('lets the baseline suppress an observation, never create one', () => {
    const usual: Features = { ...calm, head_yaw: -12 * deg };
    const beyondTheUsual: Features = { ...calm, head_yaw: 32 * deg };
    expect(
      observe([
        [60, usual],
        [6, beyondTheUsual],
        [5, usual],
      ]).seen,
    ).toEqual([]);
  });

  test('uses the calibration as the baseline until there are enough frames', () => {
    const calibration = { state: 'calibrated', at: 0, head_yaw: 12 * deg, head_pitch: 0 } as Calibration;
    const further: Features = { ...calm, head_yaw: 42 * deg };
    const begin: [number, Features][] = [
      [1, calm],
      [5, further],
      [2, calm],
    ];
    expect(observe(begin).seen).toMatchObject([['looking_away', 1000, 5800]]);
    expect(observe([[0.2, { ...calm, calibration }], ...begin]).seen).toEqual([]);
  });

  test.each([
    ['lips that always move', { mouth_moving: 1 }, 'talking'],
    ['eyes that always seem to look aside', { gaze_direction: 'right' }, 'reading_aside'],
    ['a gaze that glasses mislead', { gaze_on_script: 0 }, 'gaze_off_exam'],
  ] as [string, Features, ObservationType][])(
    'treats %s as a habit, and does not count the time as watched',
    (_name, change, type) => {
      const { seen, state } = observe([[180, { ...calm, ...change }]]);
      expect(seen).toEqual([]);
      expect(state.watchedMs[type]).toBeUndefined();
    },
  );

  test.each([
    ['a head turned far', { head_yaw: 45 * deg, gaze_direction: 'left', gaze_on_script: 0 }, 'looking_away'],
    ['a head turned less', { head_yaw: 30 * deg, gaze_direction: 'left', gaze_on_script: 0 }, 'head_turned'],
    ['eyes beside the exam', { gaze_direction: 'left', gaze_on_script: 0 }, 'gaze_off_exam'],
    ['a phone in the hand', { phone_present: 1, phone_conf: 70, hand_holding_object: 1 }, 'phone_visible'],
    [
      'a second person',
      { no_of_face: 2, head_yaw: 30 * deg, mouth_moving: 1, gaze_direction: 'left' },
      'multiple_faces',
    ],
    ['a covered camera', { no_of_face: null, image_obstructed: 1, unknown: { face: 'too_dark' } }, 'camera_obstructed'],
  ] as [string, Features, ObservationType][])('observes %s once, as one event', (_name, change, type) => {
    const onScript: Features = { ...calm, gaze_on_script: 1, hand_holding_object: 0 };
    const { seen } = observe([
      [70, onScript],
      [25, { ...onScript, ...change }],
      [10, onScript],
    ]);
    expect(seen).toEqual([[type, 70_000, 94_800]]);
  });

  test('does not let a turned head become the baseline', () => {
    const turned: Features = { ...calm, head_yaw: 34 * deg };
    const further: Features = { ...calm, head_yaw: 60 * deg };
    expect(
      observe([
        [60, turned],
        [5, further],
      ]).seen.map(([type]) => type),
    ).toContain('looking_away');
  });

  test('counts how long the readings of each rule were known', () => {
    const { state } = observe([
      [20, calm],
      [10, { ...calm, phone_present: null }],
    ]);
    expect(state.watchedMs.phone_visible).toBe(19_800);
    expect(state.watchedMs.multiple_faces).toBe(29_800);
    expect(state.watchedMs.gaze_off_exam).toBeUndefined();
  });

  test('keeps page violations beside the observations', () => {
    const violation = { type: 'TAB_SWITCH' as const, timestamp: 100 };
    const { state, seen } = observe([
      [0.2, { ...calm, page_violations: [violation] }],
      [5, calm],
    ]);
    expect(state.violations).toEqual([violation]);
    expect(seen).toEqual([]);
  });
});

describe('accommodations', () => {
  test('can switch off stream gaps, or require longer ones', () => {
    const stretches: [number, Features | null][] = [
      [10, calm],
      [8, null],
      [10, calm],
    ];
    const off = accommodate(ruleSet2, [{ name: 'poor line', off: ['stream_gap'], longer: {} }]);
    const longer = accommodate(ruleSet2, [{ name: 'poor line', off: [], longer: { stream_gap: 2 } }]);
    expect(observe(stretches).seen).toHaveLength(1);
    expect(observe(stretches, off).seen).toEqual([]);
    expect(observe(stretches, longer).seen).toEqual([]);
  });

  const away: Features = { ...calm, head_yaw: 50 * deg };

  test('switch a rule off, or require a longer duration', () => {
    const off = accommodate(ruleSet2, [{ name: 'tic', off: ['looking_away'], longer: {} }]);
    const longer = accommodate(ruleSet2, [{ name: 'tic', off: [], longer: { looking_away: 4 } }]);
    expect(
      observe(
        [
          [20, calm],
          [5, away],
          [20, calm],
        ],
        off,
      ).seen,
    ).toEqual([]);
    expect(
      observe(
        [
          [20, calm],
          [5, away],
          [20, calm],
        ],
        longer,
      ).seen,
    ).toEqual([]);
    expect(
      observe(
        [
          [20, calm],
          [12, away],
          [20, calm],
        ],
        longer,
      ).seen,
    ).toHaveLength(1);
  });
});
