import { placeArrival } from '../evidence/place-arrival.ts';
import type { Arrival } from '../evidence/place-arrival.ts';
import { fillGaps, stepLiveCoverage } from '../evidence/live-coverage.ts';
import type { LaneName, SessionEvidence } from '../evidence/session-evidence.ts';
import { startEvidence } from '../evidence/session-evidence.ts';
import { startLongLoop, stepLongLoop } from '../evidence/long-loop.ts';
import { coarseReadings, readingsOf, stepStaticReadings } from '../evidence/static-readings.ts';
import { isObserved } from '../frame/feature-frame.ts';
import type { StoredFrame } from '../frame/feature-frame.ts';
import { maxFrameIntervalMs } from '../frame/frame-interval.ts';
import type { Observation } from '../rules/observation.ts';
import type { RuleEvent } from '../rules/rule-state.ts';
import { endRules, stepRules } from '../rules/rule-set.ts';
import type { RuleSet, RuleSetState } from '../rules/rule-set.ts';
import { addObservations, addPageFacts, startSession, stepWatched, streamGap } from './session-state.ts';
import type { SessionState } from './session-state.ts';

/** Number of holes whose opening state is kept. After several outages, a client fills the oldest hole first. */
const maxBeforeHoles = 4;

/** State before the first frame, for analysis in order of arrival. @param startedMs the session's start, server clock */
export const startArrivals = (startedMs: number): SessionState => ({
  ...startSession(),
  evidence: startEvidence(startedMs),
});

const none: readonly Observation[] = [];

const closedOf = (events: readonly RuleEvent[]): readonly Observation[] =>
  events.length === 0 ? none : events.filter(({ event }) => event === 'closed').map(({ observation }) => observation);

type Step = [SessionState, RuleEvent[]];

type Readings = Pick<SessionEvidence, 'readings' | 'coarse' | 'loop'>;

const stepReadings = (before: Readings, frame: StoredFrame, countedMs: number): Required<Readings> => {
  const hash = readingsOf(frame);
  const readings = stepStaticReadings(before.readings, hash, countedMs);
  const isNew =
    readings.constantMs === before.readings.constantMs && readings.repeatedMs === before.readings.repeatedMs;
  const loop = before.loop ?? startLongLoop();
  return {
    readings,
    coarse: stepStaticReadings(before.coarse, readingsOf(coarseReadings(frame)), countedMs),
    loop: hash === null ? loop : stepLongLoop(loop, hash, isNew ? countedMs : 0),
  };
};

/** Members that the state of most sessions lacks. */
type RareMember = 'calibration' | 'clockCorrected' | 'missing';
/** Requires all others by name, so that a new member cannot be forgotten. */
type NamedState = SessionState & Record<Exclude<keyof SessionState, RareMember>, unknown>;

const stepMain = (
  state: SessionState,
  evidence: SessionEvidence,
  frame: StoredFrame,
  { isLive, opensHole }: Extract<Arrival, { kind: 'main' }>,
  set: RuleSet,
): Step => {
  const { coverage, beforeHoles } = evidence;
  const elapsedMs = frame.timestamp - coverage.lastMs;
  const countedMs = elapsedMs > maxFrameIntervalMs ? 0 : Math.max(0, elapsedMs);
  const step = stepRules(set, state.rules, frame);
  const gaps = streamGap(state, frame, coverage.lastMs, set);
  const { readings, coarse, loop } = stepReadings(evidence, frame, countedMs);
  // Members are named, not spread: V8 allocates such an object in one step, but copies a spread member by member.
  const nextEvidence: Required<SessionEvidence> = {
    startedMs: evidence.startedMs,
    firstMs: evidence.firstMs,
    order: evidence.order,
    receipts: evidence.receipts,
    coverage: stepLiveCoverage(coverage, frame, isLive),
    lanes: evidence.lanes,
    beforeHoles:
      opensHole === null
        ? beforeHoles
        : [...beforeHoles, { root: opensHole, rules: state.rules }].slice(-maxBeforeHoles),
    readings,
    coarse,
    loop,
    outOfOrder: evidence.outOfOrder,
    outsideSession: evidence.outsideSession,
    lateUnexplained: evidence.lateUnexplained,
  };
  const next: NamedState = {
    rules: step.state,
    coverage: state.coverage,
    observations: addObservations(addObservations(state.observations, closedOf(step.events)), gaps),
    violations: state.violations,
    violationsNotListed: state.violationsNotListed,
    frames: state.frames + 1,
    watchedMs: stepWatched(state, elapsedMs, step.looked),
    lastFrameId: frame.frame_id,
    evidence: nextEvidence,
  };
  const calibration = frame.calibration ?? state.calibration;
  if (calibration !== undefined) next.calibration = calibration;
  if (state.clockCorrected !== undefined) next.clockCorrected = state.clockCorrected;
  if (state.missing !== undefined) next.missing = state.missing;
  return [next, step.events];
};

const rulesBefore = ({ rules }: SessionState, { beforeHoles }: SessionEvidence, root: number | null): RuleSetState => {
  const known = beforeHoles.find((hole) => hole.root === root);
  if (known !== undefined) return known.rules;
  const { baseline, habits } = rules;
  return { ...(baseline === undefined ? {} : { baseline }), ...(habits === undefined ? {} : { habits }) };
};

interface LanePlace {
  lane: LaneName;
  root: number | null;
  /** The frame covers the time since `fromMs`, unless other frames cover it; null: it covers no time. */
  covers: { fromMs: number; isLive: boolean } | null;
}

const stepLane = (
  state: SessionState,
  evidence: SessionEvidence,
  frame: StoredFrame,
  { lane: name, root, covers }: LanePlace,
  set: RuleSet,
): Step => {
  const lane = evidence.lanes[name];
  const continues = lane !== undefined && lane.root === root && frame.timestamp > lane.lastMs;
  const ended = lane === undefined || continues ? [] : endRules(set, lane.rules);
  const step = stepRules(set, continues ? lane.rules : rulesBefore(state, evidence, root), frame);
  const coverage =
    covers === null || !isObserved(frame)
      ? evidence.coverage
      : fillGaps(evidence.coverage, { from_ms: covers.fromMs, to_ms: frame.timestamp }, covers.isLive);
  const events = [...ended, ...step.events];
  const lanes = { ...evidence.lanes, [name]: { root, lastMs: frame.timestamp, rules: step.state } };
  return [
    {
      ...state,
      evidence: { ...evidence, coverage, lanes },
      observations: addObservations(state.observations, closedOf(events)),
      frames: state.frames + 1,
    },
    events,
  ];
};

const stepArrival = (
  state: SessionState,
  evidence: SessionEvidence,
  frame: StoredFrame,
  arrival: Arrival,
  set: RuleSet,
): Step => {
  switch (arrival.kind) {
    case 'aside':
      return stepLane(state, evidence, frame, { lane: arrival.lane, root: null, covers: null }, set);
    case 'late': {
      const { root, afterMs, isLive } = arrival;
      const covers = { fromMs: afterMs ?? evidence.startedMs, isLive };
      return stepLane(state, evidence, frame, { lane: 'late', root, covers }, set);
    }
    case 'main':
      // Numbered frames of one client and unnumbered frames of another can interleave, but time must never go backwards.
      if (frame.timestamp < evidence.coverage.lastMs && state.lastFrameId !== null) {
        return stepLane(state, evidence, frame, { lane: 'out_of_order', root: null, covers: null }, set);
      }
      return stepMain(state, evidence, frame, arrival, set);
  }
};

/**
 * Advances the analysis by the next frame in order of arrival (`received_at`). Never removes evidence: an observation
 * can only become longer, and coverage seen live only grows. Pure.
 *
 * @param state from `startArrivals`
 * @returns the new state, and the observations that opened or closed
 */
export const stepArrivals = (state: SessionState, frame: StoredFrame, set: RuleSet): Step => {
  const before = state.evidence ?? startEvidence(frame.received_at);
  const [placed, arrival] = placeArrival(before, frame);
  const isFirst = before.firstMs === null || (arrival.kind === 'main' && state.lastFrameId === null);
  const evidence = isFirst ? { ...placed, firstMs: frame.timestamp } : placed;
  const [next, events] = stepArrival(state, evidence, frame, arrival, set);
  return [addPageFacts(next, frame), events];
};

/** Order of arrival. The store gives each message of a session a later receipt than the previous one. */
export const compareArrivals = (
  a: { received_at: number; seq: number },
  b: { received_at: number; seq: number },
): number => a.received_at - b.received_at || a.seq - b.seq;
