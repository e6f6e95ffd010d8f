import type { Observation } from '../observations/observation.ts';
import type { RuleFrame } from '../observations/rule.ts';
import type { RuleEvent } from '../observations/rule-state.ts';
import { currentRuleSet, endRules, runningObservations, stepRules } from '../observations/rule-set.ts';
import type { RuleSet, RuleSetState } from '../observations/rule-set.ts';
import { startCoverage, stepCoverage } from './coverage.ts';
import type { CoverageState } from './coverage.ts';

/** All that analysis needs to remember of a session; plain JSON, so that it can be kept beside the frames. */
export interface SessionState {
  rules: RuleSetState;
  coverage: CoverageState | null;
  observations: Observation[];
  frames: number;
}

export const startSession = (): SessionState => ({
  rules: {},
  coverage: null,
  observations: [],
  frames: 0,
});

/** Advances the session by one frame; frames come in the order of their timestamps. Pure. */
export const stepSession = (
  state: SessionState,
  frame: RuleFrame,
  set: RuleSet = currentRuleSet,
): [SessionState, RuleEvent[]] => {
  const [rules, events] = stepRules(set, state.rules, frame);
  const ended = events.filter(({ event }) => event === 'closed').map(({ observation }) => observation);
  return [
    {
      rules,
      coverage: state.coverage === null ? startCoverage(frame.timestamp) : stepCoverage(state.coverage, frame),
      observations: ended.length === 0 ? state.observations : [...state.observations, ...ended],
      frames: state.frames + 1,
    },
    events,
  ];
};

/** Every observation up to now, those still running included, in the order of their beginning. */
export const observationsOf = (state: SessionState, set: RuleSet = currentRuleSet): Observation[] =>
  [...state.observations, ...runningObservations(set, state.rules)].toSorted(
    (a, b) => a.from_ms - b.from_ms || (a.type < b.type ? -1 : 1),
  );

/** What closes when the session ends. */
export const endSession = (state: SessionState, set: RuleSet = currentRuleSet): RuleEvent[] =>
  endRules(set, state.rules);

/** The one order in which frames are analysed, whatever order they arrived in. */
export const compareFrames = (
  a: { timestamp: number; seq: number; frame_id: string },
  b: { timestamp: number; seq: number; frame_id: string },
): number => a.timestamp - b.timestamp || a.seq - b.seq || (a.frame_id < b.frame_id ? -1 : 1);
