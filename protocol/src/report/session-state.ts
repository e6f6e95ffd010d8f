import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { Observation, ObservationType } from '../rules/observation.ts';
import type { RuleFrame } from '../rules/rule.ts';
import type { RuleEvent } from '../rules/rule-state.ts';
import { currentRuleSet, endRules, runningObservations, stepRules } from '../rules/rule-set.ts';
import type { RuleSet, RuleSetState } from '../rules/rule-set.ts';
import type { Violation } from '../frame/violation.ts';
import { lanes } from '../evidence/session-evidence.ts';
import type { SessionEvidence } from '../evidence/session-evidence.ts';
import { startCoverage, stepCoverage } from './coverage.ts';
import type { CoverageState } from './coverage.ts';

/** Maximum number of violations in the list; further ones are only counted. */
const maxViolations = 1000;
/** Maximum number of observations in the list; far more than a session of several hours produces. */
const maxObservations = 5000;

/** Running analysis of a session. Plain JSON: it is stored. */
export interface SessionState {
  rules: RuleSetState;
  coverage: CoverageState | null;
  observations: Observation[];
  violations: Violation[];
  violationsNotListed: number;
  frames: number;
  /** How long each rule's readings were known, milliseconds. */
  watchedMs: Partial<Record<ObservationType, number>>;
  lastFrameId: string | null;
  /** The latest calibration that a frame contained. */
  calibration?: Calibration;
  /** Number of frames with a corrected clock, and the largest correction, milliseconds; absent if there were none. */
  clockCorrected?: { frames: number; largestMs: number };
  /** Number of frames from a browser without storage, and without locks; absent if there were none. */
  missing?: { storage?: number; lock?: number };
  /** Set if frames are analysed in order of arrival; `coverage` then stays null. */
  evidence?: SessionEvidence;
}

/** State before the first frame. */
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

/** @param lastMs time of the previous frame */
export const streamGap = (
  { lastFrameId }: SessionState,
  frame: RuleFrame,
  lastMs: number,
  { streamGapMs }: RuleSet,
): Observation[] => {
  if (streamGapMs === null || lastFrameId === null) return [];
  if (frame.timestamp - lastMs <= streamGapMs) return [];
  return [
    {
      id: `stream_gap-${lastFrameId}`,
      type: 'stream_gap',
      from_ms: lastMs,
      to_ms: frame.timestamp,
      confidence: 1,
      measured: {},
      evidence: { first: lastFrameId, strongest: lastFrameId, last: frame.frame_id },
      frames: 0,
    },
  ];
};

export const stepWatched = (
  { watchedMs: before }: SessionState,
  elapsedMs: number,
  looked: readonly ObservationType[],
): SessionState['watchedMs'] => {
  if (elapsedMs <= 0 || elapsedMs > maxFrameIntervalMs) return before;
  const watchedMs = { ...before };
  for (const type of looked) watchedMs[type] = (watchedMs[type] ?? 0) + elapsedMs;
  return watchedMs;
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

const stepMissing = (
  { missing: before }: SessionState,
  { storage_missing: storage, lock_missing: lock }: RuleFrame,
): Pick<SessionState, 'missing'> => {
  if (storage !== 1 && lock !== 1) return before === undefined ? {} : { missing: before };
  return {
    missing: {
      ...before,
      ...(storage === 1 ? { storage: (before?.storage ?? 0) + 1 } : {}),
      ...(lock === 1 ? { lock: (before?.lock ?? 0) + 1 } : {}),
    },
  };
};

/** Adds closed observations. An observation that is already listed is replaced if it became longer. */
export const addObservations = (list: Observation[], added: readonly Observation[]): Observation[] => {
  if (added.length === 0) return list;
  let next = list;
  for (const observation of added) {
    const place = next.findIndex(({ id }) => id === observation.id);
    if (place === -1) next = next.length < maxObservations ? [...next, observation] : next;
    else if (observation.to_ms > next[place]!.to_ms) next = next.with(place, observation);
  }
  return next;
};

/** Nearly every frame has none, and copying the state for each frame is a good part of what its analysis costs. */
const hasPageFacts = (frame: RuleFrame): boolean =>
  (frame.page_violations?.length ?? 0) > 0 ||
  (frame.page_violations_dropped ?? 0) !== 0 ||
  (frame.clock_corrected_ms ?? 0) !== 0 ||
  frame.storage_missing === 1 ||
  frame.lock_missing === 1;

/** Adds the frame's violations, clock corrections and missing parts of the browser, regardless of its readings. */
export const addPageFacts = (state: SessionState, frame: RuleFrame): SessionState => {
  if (!hasPageFacts(frame)) return state;
  const violations = frame.page_violations ?? [];
  const room = Math.max(0, maxViolations - state.violations.length);
  return {
    ...state,
    violations: violations.length === 0 ? state.violations : [...state.violations, ...violations.slice(0, room)],
    violationsNotListed:
      state.violationsNotListed + Math.max(0, violations.length - room) + (frame.page_violations_dropped ?? 0),
    ...stepClock(state, frame),
    ...stepMissing(state, frame),
  };
};

/**
 * Advances the analysis by one frame. Frames must come in the order of `compareFrames`. Pure.
 *
 * @returns the new state, and the observations that opened or closed
 * @example
 * const [state, events] = stepSession(startSession(), frame);
 */
export const stepSession = (
  state: SessionState,
  frame: RuleFrame,
  set: RuleSet = currentRuleSet,
): [SessionState, RuleEvent[]] => {
  const step = stepRules(set, state.rules, frame);
  const ended = step.events.filter(({ event }) => event === 'closed').map(({ observation }) => observation);
  const { coverage } = state;
  const added = coverage === null ? ended : [...ended, ...streamGap(state, frame, coverage.lastMs, set)];
  const calibration = frame.calibration ?? state.calibration;
  const next = {
    ...state,
    rules: step.state,
    coverage: coverage === null ? startCoverage(frame.timestamp) : stepCoverage(coverage, frame),
    observations: added.length === 0 ? state.observations : [...state.observations, ...added].slice(0, maxObservations),
    frames: state.frames + 1,
    watchedMs: stepWatched(state, coverage === null ? 0 : frame.timestamp - coverage.lastMs, step.looked),
    lastFrameId: frame.frame_id,
    ...(calibration === undefined ? {} : { calibration }),
  };
  return [addPageFacts(next, frame), step.events];
};

const withRunning = (state: SessionState, set: RuleSet): Observation[] => {
  const running = runningObservations(set, state.rules);
  const { evidence } = state;
  if (evidence === undefined) return [...state.observations, ...running];
  const aside = lanes.flatMap((name) => {
    const lane = evidence.lanes[name];
    return lane === undefined ? [] : runningObservations(set, lane.rules);
  });
  return addObservations(state.observations, [...running, ...aside]);
};

/** All observations so far, including open ones, by start time. */
export const observationsOf = (state: SessionState, set: RuleSet = currentRuleSet): Observation[] =>
  withRunning(state, set).toSorted((a, b) => a.from_ms - b.from_ms || (a.type < b.type ? -1 : 1));

/** Ends the session: events for the observations that are still open. */
export const endSession = (state: SessionState, set: RuleSet = currentRuleSet): RuleEvent[] =>
  endRules(set, state.rules);

/** Order of analysis, independent of the order of arrival: by timestamp, then `seq`, then `frame_id`. */
export const compareFrames = (
  a: { timestamp: number; seq: number; frame_id: string },
  b: { timestamp: number; seq: number; frame_id: string },
): number => a.timestamp - b.timestamp || a.seq - b.seq || (a.frame_id < b.frame_id ? -1 : 1);
