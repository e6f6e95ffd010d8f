import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Features } from '../frame/feature-frame.ts';
import type { RuleFrame } from './rule.ts';
import type { RuleEvent } from './rule-state.ts';
import { endRules, ruleSet1, stepRules } from './rule-set.ts';
import type { RuleSetState } from './rule-set.ts';

const frameMs = 200;
/** An ordinary frame: one face, head forward, nothing else. */
const calm: Features = {
  face_present: 1,
  no_of_face: 1,
  head_yaw: 0.05,
  head_pitch: -0.1,
  phone_present: 0,
  image_obstructed: 0,
  image_frozen: 0,
};
const blind: Features = { not_observed: 'camera_lost', no_of_face: null };

/** `[seconds, features]` become frames at 5 Hz from time 0. */
const framesOf = (...stretches: [number, Features][]): RuleFrame[] => {
  const frames: RuleFrame[] = [];
  for (const [seconds, features] of stretches) {
    for (let i = 0; i < (seconds * 1000) / frameMs; i += 1) {
      frames.push({ ...features, frame_id: String(frames.length), timestamp: frames.length * frameMs });
    }
  }
  return frames;
};

const run = (frames: RuleFrame[]): RuleEvent[] => {
  let state: RuleSetState = {};
  const all: RuleEvent[] = [];
  for (const frame of frames) {
    const step = stepRules(ruleSet1, state, frame);
    state = step.state;
    all.push(...step.events);
  }
  return [...all, ...endRules(ruleSet1, state)];
};
const closed = (frames: RuleFrame[]) =>
  run(frames)
    .filter(({ event }) => event === 'closed')
    .map(({ observation: { type, from_ms, to_ms } }) => ({ type, from_ms, to_ms }));

describe('rule set 1', () => {
  test('observes nothing in an uneventful session', () => {
    expect(run(framesOf([60, calm]))).toEqual([]);
  });

  test.each([
    ['face_absent', { ...calm, face_present: 0, no_of_face: 0, head_yaw: null, head_pitch: null }],
    ['multiple_faces', { ...calm, no_of_face: 2 }],
    ['phone_visible', { ...calm, phone_present: 1, phone_conf: 60 }],
    ['looking_away', { ...calm, head_yaw: -0.8 }],
    ['camera_obstructed', { ...calm, no_of_face: null, image_obstructed: 1 }],
    ['camera_frozen', { ...calm, no_of_face: null, image_frozen: 1 }],
  ] as [string, Features][])('observes %s from its first to its last frame', (type, features) => {
    expect(closed(framesOf([5, calm], [4, features], [5, calm]))).toEqual([{ type, from_ms: 5000, to_ms: 8800 }]);
  });

  test('opens once, as soon as the minimum duration is reached', () => {
    const events = run(framesOf([2, calm], [3, { ...calm, phone_present: 1, phone_conf: 60 }]));
    const opened = events.filter(({ event }) => event === 'opened');
    expect(opened).toHaveLength(1);
    expect(opened[0]?.observation.to_ms).toBeLessThanOrEqual(2000 + 1200);
  });

  test('does not observe one false detection, nor two separate ones', () => {
    const stray: Features = { ...calm, phone_present: 1, phone_conf: 60 };
    expect(run(framesOf([3, calm], [0.8, stray], [1.2, calm], [0.6, stray], [5, calm]))).toEqual([]);
  });

  test('bridges a short interruption and separates two events', () => {
    const phone: Features = { ...calm, phone_present: 1, phone_conf: 60 };
    expect(closed(framesOf([2, phone], [1.4, calm], [2, phone], [4, calm]))).toHaveLength(1);
    expect(closed(framesOf([2, phone], [4, calm], [2, phone], [4, calm]))).toHaveLength(2);
  });

  test('does not flicker at the threshold: opening needs more than staying open', () => {
    const away: Features = { ...calm, head_yaw: 0.7 };
    const edge: Features = { ...calm, head_yaw: 0.58 };
    expect(run(framesOf([10, edge]))).toEqual([]);
    expect(closed(framesOf([3, away], [3, edge], [2, calm]))).toEqual([
      { type: 'looking_away', from_ms: 0, to_ms: 5800 },
    ]);
  });

  test('starts a frozen image when it stopped changing, not when it was detected', () => {
    const frames = framesOf([5, calm]);
    for (let i = 0; i < 20; i += 1) {
      const timestamp = 6000 + i * frameMs;
      const features: Features = { image_frozen: 1, image_frozen_for_ms: 1200 + i * frameMs, no_of_face: null };
      frames.push({ ...features, frame_id: `f${i}`, timestamp });
    }
    expect(closed(frames)).toEqual([{ type: 'camera_frozen', from_ms: 4800, to_ms: 9800 }]);
  });

  test('observes nothing while readings are unknown', () => {
    expect(run(framesOf([30, blind]))).toEqual([]);
    const unknownOnly = fc.record({
      face_present: fc.constant(null),
      no_of_face: fc.constant(null),
      phone_present: fc.constant(null),
      head_yaw: fc.constantFrom(null, 1),
      head_pitch: fc.constant(null),
      image_brightness: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(unknownOnly, { maxLength: 60 }), (list) => {
        expect(run(framesOf(...list.map((features): [number, Features] => [0.2, features])))).toEqual([]);
      }),
    );
  });
});
