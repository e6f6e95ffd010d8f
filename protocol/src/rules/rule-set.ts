import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import { baselineOf, startBaseline, stepBaseline } from './baseline.ts';
import type { BaselineState } from './baseline.ts';
import { cameraFrozen, cameraStaysFrozen } from './camera-frozen.ts';
import { cameraObstructed } from './camera-obstructed.ts';
import { faceAbsent } from './face-absent.ts';
import { gazeOffExam, readingAside } from './gaze.ts';
import { habitsOf, stepHabits } from './habits.ts';
import type { HabitsState } from './habits.ts';
import { handWithObject } from './hand-with-object.ts';
import { headTurned } from './head-turned.ts';
import { lookingAway, lookingAwayFromBaseline } from './looking-away.ts';
import { lowQuality } from './low-quality.ts';
import { multipleFaces } from './multiple-faces.ts';
import type { Observation, ObservationType } from './observation.ts';
import { phoneVisible, phoneVisibleByConfidence } from './phone-visible.ts';
import { endRule, runningObservation, stepRule } from './rule-state.ts';
import type { RuleEvent, RuleState } from './rule-state.ts';
import type { Rule, RuleFrame } from './rule.ts';
import { studentMoved } from './student-moved.ts';
import { talking } from './talking.ts';
import { baselineRules } from './baseline-rules.ts';

/** A versioned set of rules. A released version never changes. */
export interface RuleSet {
  version: string;
  /** In evaluation order: of two rules that can observe the same event, the more specific comes first. */
  rules: readonly Rule[];
  /** A period without frames longer than this is a `stream_gap` observation, milliseconds; null: never. */
  streamGapMs: number | null;
  /** Longest time between two frames that show the same condition and are counted as one, if longer than the rule's `bridgeMs`. */
  pauseMs: number;
  /** Rules that observe behaviour excused by the student's baseline. Versions without them omit such behaviour from the report. */
  baselineRules?: readonly Rule[];
  /**
   * `arrival`: the server analyses frames in the order in which it received them, so that no later message changes what was observed.
   * Without it: in the order of their timestamps.
   */
  order?: 'arrival';
}

/** The first version: coarse signals, no baseline. */
export const ruleSet1: RuleSet = {
  version: '1',
  rules: [faceAbsent, multipleFaces, phoneVisible, lookingAway, cameraObstructed, cameraFrozen],
  streamGapMs: null,
  pauseMs: 0,
};

/** Adds finer signals, and compares with the student's baseline. */
export const ruleSet2: RuleSet = {
  version: '2',
  rules: [
    faceAbsent,
    multipleFaces,
    phoneVisible,
    lookingAwayFromBaseline,
    cameraObstructed,
    cameraStaysFrozen,
    gazeOffExam,
    readingAside,
    headTurned,
    talking,
    handWithObject,
    studentMoved,
    lowQuality,
  ],
  streamGapMs: 5000,
  // Documented clients send one frame a second, and busy machines fewer.
  pauseMs: maxFrameIntervalMs,
};

/**
 * Version 2 with a phone duration that depends on the confidence. Evidence is never removed: the server analyses in
 * order of arrival, and a baseline marks observations instead of removing them.
 */
const ruleSet3: RuleSet = {
  ...ruleSet2,
  version: '3',
  rules: ruleSet2.rules.map((rule) => (rule === phoneVisible ? phoneVisibleByConfidence : rule)),
  baselineRules,
  order: 'arrival',
};

/** Every version that can still be run, by version. */
export const ruleSets: Readonly<Record<string, RuleSet>> = { 1: ruleSet1, 2: ruleSet2, 3: ruleSet3 };

/** The version for new sessions. */
export const currentRuleSet = ruleSet3;

/** State of each rule by type, idle if absent. */
type RuleStates = Partial<Record<ObservationType, RuleState>>;
type KnownStates = Readonly<RuleStates>;

/** The rules' states and the student's baseline. Plain JSON: it is stored. */
export interface RuleSetState {
  baseline?: BaselineState;
  habits?: HabitsState;
  rules?: KnownStates;
  /** The same for `baselineRules`. */
  usual?: KnownStates;
}

/** Result of one frame. */
export interface RuleSetStep {
  state: RuleSetState;
  events: RuleEvent[];
  /** The rules whose readings were known in this frame. */
  looked: ObservationType[];
}

const idle: Readonly<RuleState> = { phase: 'idle' };
/** After nearly every frame. Shared, because states are never changed, so that the next frame need not look up each rule. */
const allIdle: KnownStates = Object.freeze({});
const noneRunning: ReadonlySet<ObservationType> = new Set();

const stateOf = (states: KnownStates, type: ObservationType): RuleState =>
  states === allIdle ? idle : (states[type] ?? idle);

/** @param states `allIdle`, or states that belong to the caller */
const withState = (states: KnownStates, type: ObservationType, state: RuleState): KnownStates => {
  const own: RuleStates = states === allIdle ? {} : states;
  own[type] = state;
  return own;
};

/**
 * Advances a rule set by one frame. Frames must come in the order of their timestamps. Pure.
 *
 * @example
 * let state: RuleSetState = {};
 * for (const frame of frames) {
 *   const step = stepRules(currentRuleSet, state, frame);
 *   state = step.state;
 *   for (const { event, observation } of step.events) console.log(event, observation.type);
 * }
 */
export const stepRules = (set: RuleSet, state: RuleSetState, frame: RuleFrame): RuleSetStep => {
  const { rules: rulesBefore = allIdle, usual: usualBefore = allIdle } = state;
  const baseline = stepBaseline(state.baseline ?? startBaseline(), frame);
  const habits = stepHabits(state.habits ?? {}, frame);
  const { pauseMs } = set;
  const context = { baseline: baselineOf(baseline), habits: habitsOf(habits), pauseMs, running: noneRunning };
  let rules = allIdle;
  const events: RuleEvent[] = [];
  const looked: ObservationType[] = [];
  for (const rule of set.rules) {
    const step = stepRule(rule, stateOf(rulesBefore, rule.type), frame, context);
    if (step.looked) looked.push(rule.type);
    if (step.events.length > 0) events.push(...step.events);
    if (step.state.phase === 'idle') continue;
    rules = withState(rules, rule.type, step.state);
    if (step.state.phase === 'active') context.running = new Set([...context.running, rule.type]);
  }
  if (set.baselineRules === undefined) return { state: { baseline, habits, rules }, events, looked };
  let usual = allIdle;
  for (const rule of set.baselineRules) {
    const step = stepRule(rule, stateOf(usualBefore, rule.type), frame, context);
    if (step.events.length > 0) events.push(...step.events);
    if (step.state.phase !== 'idle') usual = withState(usual, rule.type, step.state);
  }
  return { state: { baseline, habits, rules, usual }, events, looked };
};

const statesOf = (set: RuleSet, state: RuleSetState): [Rule, RuleState][] => [
  ...set.rules.map((rule): [Rule, RuleState] => [rule, state.rules?.[rule.type] ?? idle]),
  ...(set.baselineRules ?? []).map((rule): [Rule, RuleState] => [rule, state.usual?.[rule.type] ?? idle]),
];

/** Ends the stream: closes every open observation at its last frame. */
export const endRules = (set: RuleSet, state: RuleSetState): RuleEvent[] =>
  statesOf(set, state).flatMap(([rule, ruleState]) => endRule(rule, ruleState));

/** Open observations, in the set's order. */
export const runningObservations = (set: RuleSet, state: RuleSetState): Observation[] =>
  statesOf(set, state).flatMap(([rule, ruleState]) => runningObservation(rule, ruleState) ?? []);
