import type { Features } from '../src/frame/feature-frame.ts';
import { endRule, stepRule } from '../src/rules/rule-state.ts';
import type { RuleEvent, RuleState } from '../src/rules/rule-state.ts';
import type { Rule, RuleContext, Sighting } from '../src/rules/rule.ts';

/** Degrees to radians: `30 * deg`. */
export const deg = Math.PI / 180;

/** A student who sits still in the middle of the image, with every reading known. */
export const calm: Features = {
  face_present: 1,
  no_of_face: 1,
  head_yaw: 0,
  head_pitch: 0,
  face_x: 320,
  face_y: 240,
  face_w: 128,
  image_width: 640,
  image_height: 480,
  phone_present: 0,
  hand_holding_object: 0,
  image_obstructed: 0,
  image_frozen: 0,
  mouth_moving: 0,
  gaze_direction: 'center',
};

/** No baseline, no known habit, no other observation. */
export const emptyContext: RuleContext = {
  baseline: null,
  habits: { mouth_moving: null, gaze_aside: null, gaze_off_exam: null },
  pauseMs: 0,
  running: new Set(),
};

/** A student whose habits are known to be rare, and whose baseline is the middle of the image. */
export const knownContext: RuleContext = {
  ...emptyContext,
  baseline: { head_yaw: 0, head_pitch: 0, place: { face_x: 0.5, face_y: 0.375, face_w: 0.2 } },
  habits: { mouth_moving: 0, gaze_aside: 0, gaze_off_exam: 0 },
};

/** A frame's time in milliseconds, and its readings. */
export type TimedFrame = readonly [timestampMs: number, features: Features];

/** Frames every `stepMs` from `fromMs` to `toMs`, both included. */
export const every = (stepMs: number, fromMs: number, toMs: number, features: Features): TimedFrame[] =>
  Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, at) => [fromMs + at * stepMs, features]);

/** One rule's result for one frame. */
export const lookAt = (
  rule: Rule,
  features: Features,
  { active = false, context = knownContext, timestamp = 0 } = {},
): Sighting => rule.look({ ...features, frame_id: 'f', timestamp }, active, context);

/** The events of one rule over frames in a fixed context, without closing the stream. */
export const runRule = (rule: Rule, frames: readonly TimedFrame[], context: RuleContext = knownContext) => {
  let state: RuleState = { phase: 'idle' };
  const events: RuleEvent[] = [];
  for (const [timestamp, features] of frames) {
    const step = stepRule(rule, state, { ...features, frame_id: String(timestamp), timestamp }, context);
    state = step.state;
    events.push(...step.events);
  }
  return { state, events, ended: [...events, ...endRule(rule, state)] };
};

/** Events as text: `opened 0-1200`. */
export const timesOf = (events: readonly RuleEvent[]): string[] =>
  events.map(({ event, observation: { from_ms, to_ms } }) => `${event} ${from_ms}-${to_ms}`);

const stepMs = 100;
const longestMs = 60_000;

/** How long a condition must be seen, with a frame every 100 ms, before the observation opens; null: never. */
export const opensAfterMs = (rule: Rule, showing: Features, context: RuleContext = knownContext): number | null =>
  runRule(rule, every(stepMs, 0, longestMs, showing), context).events[0]?.observation.to_ms ?? null;

/** The longest interruption, in steps of 100 ms, after which a condition still counts as the same observation. */
export const bridgesMs = (
  rule: Rule,
  showing: Features,
  absent: Features,
  context: RuleContext = knownContext,
): number => {
  const openedMs = 30_000;
  const opened = every(stepMs, 0, openedMs, showing);
  for (let gapMs = stepMs; gapMs < longestMs; gapMs += stepMs) {
    const between = every(stepMs, openedMs + stepMs, openedMs + gapMs - stepMs, absent);
    const { events } = runRule(rule, [...opened, ...between, [openedMs + gapMs, showing]], context);
    if (events.some(({ event }) => event === 'closed')) return gapMs - stepMs;
  }
  return longestMs;
};
