import { cameraFrozen } from './camera-frozen.ts';
import { cameraObstructed } from './camera-obstructed.ts';
import { faceAbsent } from './face-absent.ts';
import { lookingAway } from './looking-away.ts';
import { multipleFaces } from './multiple-faces.ts';
import type { Observation, ObservationType } from './observation.ts';
import { phoneVisible } from './phone-visible.ts';
import { endRule, runningObservation, stepRule } from './rule-state.ts';
import type { RuleEvent, RuleState } from './rule-state.ts';
import type { Rule, RuleFrame } from './rule.ts';

/** A named, frozen choice of rules. A version that was ever released never changes. */
export interface RuleSet {
  version: string;
  rules: readonly Rule[];
}

export const ruleSet1: RuleSet = {
  version: '1',
  rules: [faceAbsent, multipleFaces, phoneVisible, lookingAway, cameraObstructed, cameraFrozen],
};

export const currentRuleSet = ruleSet1;

/** The state of every rule of a set, by type; a missing one is idle. Plain JSON. */
export type RuleSetState = Partial<Record<ObservationType, RuleState>>;

/** Advances a whole set by one frame; frames come in the order of their timestamps. Pure. */
export const stepRules = (set: RuleSet, state: RuleSetState, frame: RuleFrame): [RuleSetState, RuleEvent[]] => {
  const next: RuleSetState = {};
  const events: RuleEvent[] = [];
  for (const rule of set.rules) {
    const [ruleState, ruleEvents] = stepRule(rule, state[rule.type] ?? { phase: 'idle' }, frame);
    if (ruleState.phase !== 'idle') next[rule.type] = ruleState;
    events.push(...ruleEvents);
  }
  return [next, events];
};

export const endRules = (set: RuleSet, state: RuleSetState): RuleEvent[] =>
  set.rules.flatMap((rule) => endRule(rule, state[rule.type] ?? { phase: 'idle' }));

export const runningObservations = (set: RuleSet, state: RuleSetState): Observation[] =>
  set.rules.flatMap((rule) => runningObservation(rule, state[rule.type] ?? { phase: 'idle' }) ?? []);
