import type { SessionState } from '@invigil/protocol/report';
import type { AnalysisState } from './analysis-state.ts';

type Evidence = NonNullable<SessionState['evidence']>;

// Members are named: looking each one up by its name in a loop took longer than all of a frame's rules.

const overwriteReadings = (kept: Evidence['readings'], next: Evidence['readings']): void => {
  kept.recent = next.recent;
  if (next.earlier !== undefined) kept.earlier = next.earlier;
  kept.last = next.last;
  kept.constantMs = next.constantMs;
  kept.repeatedMs = next.repeatedMs;
};

const overwriteLoop = (kept: NonNullable<Evidence['loop']>, next: NonNullable<Evidence['loop']>): void => {
  kept.marks = next.marks;
  kept.rate = next.rate;
  kept.wasKnown = next.wasKnown;
  kept.sinceMarkMs = next.sinceMarkMs;
  kept.repeatedMs = next.repeatedMs;
};

const overwriteCoverage = (kept: Evidence['coverage'], next: Evidence['coverage']): void => {
  kept.fromMs = next.fromMs;
  kept.lastMs = next.lastMs;
  kept.gaps = next.gaps;
  kept.late = next.late;
  kept.liveMs = next.liveMs;
  kept.lateMs = next.lateMs;
  kept.gapMs = next.gapMs;
  kept.filledMs = next.filledMs;
  kept.listedUntilMs = next.listedUntilMs;
};

const overwriteEvidence = (kept: Evidence, next: Evidence): void => {
  kept.startedMs = next.startedMs;
  kept.firstMs = next.firstMs;
  kept.order.highestSeq = next.order.highestSeq;
  kept.order.highestMs = next.order.highestMs;
  kept.order.holes = next.order.holes;
  kept.receipts.lastMs = next.receipts.lastMs;
  kept.receipts.silences = next.receipts.silences;
  overwriteCoverage(kept.coverage, next.coverage);
  kept.lanes = next.lanes;
  kept.beforeHoles = next.beforeHoles;
  overwriteReadings(kept.readings, next.readings);
  overwriteReadings(kept.coarse, next.coarse);
  if (next.loop !== undefined) {
    if (kept.loop === undefined) kept.loop = { ...next.loop };
    else overwriteLoop(kept.loop, next.loop);
  }
  kept.outOfOrder = next.outOfOrder;
  kept.outsideSession = next.outsideSession;
  kept.lateUnexplained = next.lateUnexplained;
};

const overwriteState = (kept: SessionState, next: SessionState): void => {
  kept.rules = next.rules;
  kept.coverage = next.coverage;
  kept.observations = next.observations;
  kept.violations = next.violations;
  kept.violationsNotListed = next.violationsNotListed;
  kept.frames = next.frames;
  Object.assign(kept.watchedMs, next.watchedMs);
  kept.lastFrameId = next.lastFrameId;
  if (next.calibration !== undefined) kept.calibration = next.calibration;
  if (next.clockCorrected !== undefined) kept.clockCorrected = next.clockCorrected;
  if (next.missing !== undefined) kept.missing = next.missing;
  if (next.evidence !== undefined) {
    if (kept.evidence === undefined) kept.evidence = copyEvidence(next.evidence);
    else overwriteEvidence(kept.evidence, next.evidence);
  }
};

/**
 * Turns the state that is kept in memory into the next one, which must follow from it. Objects that lived until the next message, a second
 * later, would all be promoted to V8's old generation, and its collections hold up every message. Overwriting
 * numbers in objects that stay promotes nothing. Members that `next` lacks stay: an analysis never drops one.
 *
 * @param kept from `copyAnalysis`; the caller must hold the only reference
 */
export const overwriteAnalysis = (kept: AnalysisState, next: AnalysisState): void => {
  overwriteState(kept.state, next.state);
  if (kept.last === null || next.last === null) {
    kept.last = next.last === null ? null : { ...next.last };
  } else {
    kept.last.timestamp = next.last.timestamp;
    kept.last.seq = next.last.seq;
    kept.last.frame_id = next.last.frame_id;
  }
  kept.clockOffsetMs = next.clockOffsetMs;
  if (next.arrived === undefined) return;
  if (kept.arrived === undefined) {
    kept.arrived = { ...next.arrived, position: { ...next.arrived.position } };
  } else {
    kept.arrived.position.links = next.arrived.position.links;
    kept.arrived.position.unnumbered = next.arrived.position.unnumbered;
    kept.arrived.receipts = next.arrived.receipts;
  }
};

const copyEvidence = (evidence: Evidence): Evidence => {
  const { order, receipts, coverage, readings, coarse, loop } = evidence;
  return {
    ...evidence,
    order: { ...order },
    receipts: { ...receipts },
    coverage: { ...coverage },
    readings: { ...readings },
    coarse: { ...coarse },
    ...(loop === undefined ? {} : { loop: { ...loop } }),
  };
};

/** A copy that `overwriteAnalysis` does not change, and that it may change. */
export const copyAnalysis = ({ state, last, clockOffsetMs, arrived }: AnalysisState): AnalysisState => ({
  state: {
    ...state,
    watchedMs: { ...state.watchedMs },
    ...(state.evidence === undefined ? {} : { evidence: copyEvidence(state.evidence) }),
  },
  last: last === null ? null : { ...last },
  clockOffsetMs,
  ...(arrived === undefined ? {} : { arrived: { ...arrived, position: { ...arrived.position } } }),
});
