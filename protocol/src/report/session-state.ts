import type { Calibration } from '../frame/calibration.ts';
import type { Observation, ObservationType } from '../rules/observation.ts';
import type { RuleFrame } from '../rules/rule.ts';
import type { RuleEvent } from '../rules/rule-state.ts';
import { currentRuleSet, endRules, runningObservations, stepRules } from '../rules/rule-set.ts';
import type { RuleSet, RuleSetState } from '../rules/rule-set.ts';
import type { Violation } from '../channels/violation.ts';
import { maxIntervalMs, startCoverage, stepCoverage } from './coverage.ts';
import type { CoverageState } from './coverage.ts';

/** Violations kept one by one; further ones are only counted. */
const maxViolations = 1000;
/** Observations kept one by one. Far above what a sitting of hours gives; a bound all the same. */
const maxObservations = 5000;

/** All that analysis needs to remember of a session; plain JSON, so that it can be kept beside the frames. */
export interface SessionState {
  rules: RuleSetState;
  coverage: CoverageState | null;
  observations: Observation[];
  violations: Violation[];
  violationsNotListed: number;
  frames: number;
  /** For how long each rule could see, milliseconds. */
  watchedMs: Partial<Record<ObservationType, number>>;
  lastFrameId: string | null;
  /** The last one that a frame stated. */
  calibration?: Calibration;
  /** Frames whose device had a wrong clock, and the largest correction, milliseconds; absent where there were none. */
  clockCorrected?: { frames: number; largestMs: number };
}

export const startSession = (): SessionState => ({
  rules: {},
  coverage: null,
  observations: [],
  violations: [],
  violationsNotListed: 0,
  frames: 0,
  watchedMs: {},
  lastFrameId: null,
});

const streamGap = (state: SessionState, frame: RuleFrame, { streamGapMs }: RuleSet): Observation[] => {
  const { coverage, lastFrameId } = state;
  if (streamGapMs === null || coverage === null || lastFrameId === null) return [];
  if (frame.timestamp - coverage.lastMs <= streamGapMs) return [];
  return [
    {
      id: `stream_gap-${lastFrameId}`,
      type: 'stream_gap',
      from_ms: coverage.lastMs,
      to_ms: frame.timestamp,
      confidence: 1,
      measured: {},
      evidence: { first: lastFrameId, strongest: lastFrameId, last: frame.frame_id },
      frames: 0,
    },
  ];
};

const stepWatched = (state: SessionState, frame: RuleFrame, looked: ObservationType[]): SessionState['watchedMs'] => {
  const elapsedMs = state.coverage === null ? 0 : frame.timestamp - state.coverage.lastMs;
  if (elapsedMs <= 0 || elapsedMs > maxIntervalMs) return state.watchedMs;
  const watchedMs = { ...state.watchedMs };
  for (const type of looked) watchedMs[type] = (watchedMs[type] ?? 0) + elapsedMs;
  return watchedMs;
};

const calibrationOf = (state: SessionState, frame: RuleFrame): Pick<SessionState, 'calibration'> => {
  const calibration = frame.calibration ?? state.calibration;
  return calibration === undefined ? {} : { calibration };
};

const stepClock = (
  { clockCorrected: before }: SessionState,
  { clock_corrected_ms: byMs }: RuleFrame,
): Pick<SessionState, 'clockCorrected'> => {
  const correctionMs = byMs ?? 0;
  if (correctionMs === 0) return before === undefined ? {} : { clockCorrected: before };
  const { frames, largestMs } = before ?? { frames: 0, largestMs: 0 };
  const isLarger = Math.abs(correctionMs) > Math.abs(largestMs);
  return { clockCorrected: { frames: frames + 1, largestMs: isLarger ? correctionMs : largestMs } };
};

/** Advances the session by one frame; frames come in the order of `compareFrames`. Pure. */
export const stepSession = (
  state: SessionState,
  frame: RuleFrame,
  set: RuleSet = currentRuleSet,
): [SessionState, RuleEvent[]] => {
  const step = stepRules(set, state.rules, frame);
  const ended = step.events.filter(({ event }) => event === 'closed').map(({ observation }) => observation);
  const added = [...ended, ...streamGap(state, frame, set)];
  const violations = frame.page_violations ?? [];
  const room = Math.max(0, maxViolations - state.violations.length);
  return [
    {
      rules: step.state,
      coverage: state.coverage === null ? startCoverage(frame.timestamp) : stepCoverage(state.coverage, frame),
      observations:
        added.length === 0 ? state.observations : [...state.observations, ...added].slice(0, maxObservations),
      violations: violations.length === 0 ? state.violations : [...state.violations, ...violations.slice(0, room)],
      violationsNotListed:
        state.violationsNotListed + Math.max(0, violations.length - room) + (frame.page_violations_dropped ?? 0),
      frames: state.frames + 1,
      watchedMs: stepWatched(state, frame, step.looked),
      lastFrameId: frame.frame_id,
      ...calibrationOf(state, frame),
      ...stepClock(state, frame),
    },
    step.events,
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
