import { maxIntervalMs } from '../report/coverage.ts';
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
  /** In the order in which they look: one that tells the same thing more plainly comes first. */
  rules: readonly Rule[];
  /** Without frames for longer than this, the gap is an observation of its own (`stream_gap`); null: it is not. */
  streamGapMs: number | null;
  /** Longest time between two frames through which what both show is taken to have gone on, where that is longer than what a rule bridges. */
  pauseMs: number;
}

export const ruleSet1: RuleSet = {
  version: '1',
  rules: [faceAbsent, multipleFaces, phoneVisible, lookingAway, cameraObstructed, cameraFrozen],
  streamGapMs: null,
  pauseMs: 0,
};

/** Adds the finer signals, and takes what is usual for this student for what it is. */
export const ruleSet2: RuleSet = {
  version: '2',
  rules: [
    faceAbsent,
    multipleFaces,
    phoneVisible,
    lookingAwayFromUsual,
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
  // Frames come once a second from plain clients, and less often from a machine that is busy.
  pauseMs: maxIntervalMs,
};

/** Every version that can still be run. */
export const ruleSets: Readonly<Record<string, RuleSet>> = { 1: ruleSet1, 2: ruleSet2 };

export const currentRuleSet = ruleSet2;

/** The state of every rule of a set, by type (a missing one is idle), and what is usual for the student. Plain JSON. */
export interface RuleSetState {
  baseline?: BaselineState;
  habits?: HabitsState;
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
  const habits = stepHabits(state.habits ?? {}, frame);
  const running = new Set<ObservationType>();
  const context = { baseline: baselineOf(baseline), habits: habitsOf(habits), pauseMs: set.pauseMs, running };
  const rules: Partial<Record<ObservationType, RuleState>> = {};
  const events: RuleEvent[] = [];
  const looked: ObservationType[] = [];
  for (const rule of set.rules) {
    const step = stepRule(rule, state.rules?.[rule.type] ?? idle, frame, context);
    if (step.state.phase !== 'idle') rules[rule.type] = step.state;
    if (step.state.phase === 'active') running.add(rule.type);
    if (step.looked) looked.push(rule.type);
    events.push(...step.events);
  }
  return { state: { baseline, habits, rules }, events, looked };
};

export const endRules = (set: RuleSet, state: RuleSetState): RuleEvent[] =>
  set.rules.flatMap((rule) => endRule(rule, state.rules?.[rule.type] ?? idle));

export const runningObservations = (set: RuleSet, state: RuleSetState): Observation[] =>
  set.rules.flatMap((rule) => runningObservation(rule, state.rules?.[rule.type] ?? idle) ?? []);
