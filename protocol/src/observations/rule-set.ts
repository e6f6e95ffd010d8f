import { baselineOf, startBaseline, stepBaseline } from './baseline.ts';
import type { BaselineState } from './baseline.ts';
import { cameraFrozen } from './camera-frozen.ts';
import { cameraObstructed } from './camera-obstructed.ts';
import { faceAbsent } from './face-absent.ts';
import { gazeOffExam, readingAside } from './gaze.ts';
import { handWithObject } from './hand-with-object.ts';
import { headTurned } from './head-turned.ts';
import { lookingAway, lookingAwayFromUsual } from './looking-away.ts';
import { lowQuality } from './low-quality.ts';
import { multipleFaces } from './multiple-faces.ts';
import type { Observation, ObservationType } from './observation.ts';
import { phoneVisible } from './phone-visible.ts';
import { endRule, runningObservation, stepRule } from './rule-state.ts';
import type { RuleEvent, RuleState } from './rule-state.ts';
import type { Rule, RuleFrame } from './rule.ts';
import { studentMoved } from './student-moved.ts';
import { talking } from './talking.ts';

/** A named, frozen choice of rules. A version that was ever released never changes. */
export interface RuleSet {
  version: string;
  rules: readonly Rule[];
}

export const ruleSet1: RuleSet = {
  version: '1',
  rules: [faceAbsent, multipleFaces, phoneVisible, lookingAway, cameraObstructed, cameraFrozen],
};

/** Adds the finer signals and measures the head against the student's own baseline. */
export const ruleSet2: RuleSet = {
  version: '2',
  rules: [
    faceAbsent,
    multipleFaces,
    phoneVisible,
    lookingAwayFromUsual,
    cameraObstructed,
    cameraFrozen,
    gazeOffExam,
    readingAside,
    headTurned,
    talking,
    handWithObject,
    studentMoved,
    lowQuality,
  ],
};

/** Every version that can still be run. */
export const ruleSets: Readonly<Record<string, RuleSet>> = { 1: ruleSet1, 2: ruleSet2 };

export const currentRuleSet = ruleSet1;

/** The state of every rule of a set, by type (a missing one is idle), and the student's baseline. Plain JSON. */
export interface RuleSetState {
  baseline?: BaselineState;
  rules?: Partial<Record<ObservationType, RuleState>>;
}

export interface RuleSetStep {
  state: RuleSetState;
  events: RuleEvent[];
  /** The rules that could see in this frame. */
  looked: ObservationType[];
}

const idle: RuleState = { phase: 'idle' };

/** Advances a whole set by one frame; frames come in the order of their timestamps. Pure. */
export const stepRules = (set: RuleSet, state: RuleSetState, frame: RuleFrame): RuleSetStep => {
  const baseline = stepBaseline(state.baseline ?? startBaseline(), frame);
  const context = { baseline: baselineOf(baseline) };
  const rules: Partial<Record<ObservationType, RuleState>> = {};
  const events: RuleEvent[] = [];
  const looked: ObservationType[] = [];
  for (const rule of set.rules) {
    const step = stepRule(rule, state.rules?.[rule.type] ?? idle, frame, context);
    if (step.state.phase !== 'idle') rules[rule.type] = step.state;
    if (step.looked) looked.push(rule.type);
    events.push(...step.events);
  }
  return { state: { baseline, rules }, events, looked };
};

export const endRules = (set: RuleSet, state: RuleSetState): RuleEvent[] =>
  set.rules.flatMap((rule) => endRule(rule, state.rules?.[rule.type] ?? idle));

export const runningObservations = (set: RuleSet, state: RuleSetState): Observation[] =>
  set.rules.flatMap((rule) => runningObservation(rule, state.rules?.[rule.type] ?? idle) ?? []);
