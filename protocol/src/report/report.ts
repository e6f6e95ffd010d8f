import { coverageOf } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { riskOf, riskWeightsFor } from './risk.ts';
import type { ObservedTime, Risk, RiskWeights } from './risk.ts';
import { compareFrames, observationsOf, startSession, stepSession } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import { usualOf } from './usual.ts';
import type { Usual } from './usual.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { LossReason } from '../channels/session.ts';
import type { StoredFrame } from '../frame/feature-frame.ts';
import type { Observation, ObservationType } from '../rules/observation.ts';
import { currentRuleSet } from '../rules/rule-set.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { openReview } from './review.ts';
import type { Review } from './review.ts';
import type { Violation, ViolationType } from '../channels/violation.ts';

/** What the report says about the session besides its frames. */
export interface ReportSession {
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
  status: 'running' | 'ended';
  /** ISO 8601. */
  started_at: string;
  ended_at: string | null;
}

export interface ReportIntegrity {
  frames: number;
  frames_lost: number;
  losses: Partial<Record<LossReason, number>>;
  /** Head of the hash chain over the batches, null when there was none. */
  chain: string | null;
  /** What the chain covers; null when there was none. Reports of before it was counted do not have it. */
  chained?: { links: number; confirmed_links: number; frames: number; unchained_frames: number } | null;
  /** Frames of a device with a wrong clock: their times were corrected, by as much as this. Absent where there were none. */
  clock_corrected?: { frames: number; largest_ms: number };
}

export interface ReportObservation extends Observation {
  /** Seconds since the session's first frame. */
  from_s: number;
  to_s: number;
  duration_s: number;
}

/** The report of one session. Observations and arithmetic; the decision is a human's. */
export interface Report {
  session: ReportSession;
  rules_version: string;
  /** What was looked for, and for how long each rule could see. A rule that could not see says nothing else. */
  rules: { type: ObservationType; watched_s: number }[];
  /** Names of the student's accommodations; the rules above are those that remained. */
  accommodations: string[];
  /** What was usual for this student; the rules of version 1 take no notice of it. */
  usual: Usual;
  coverage: Coverage | null;
  observations: ReportObservation[];
  /** What the page saw, beside what the camera saw. */
  violations: { total: number; by_type: Partial<Record<ViolationType, number>>; list: Violation[]; not_listed: number };
  totals: Partial<Record<ObservationType, { count: number; seconds: number }>>;
  risk: Risk;
  integrity: ReportIntegrity;
  /** How gaze was calibrated and how the student sat then, where that was tried; the last one. */
  calibration?: Calibration;
  /** The human part. The analysis itself makes it open and empty; it is filled in when the report is served. */
  review: Review;
}

const seconds = (ms: number): number => Math.round(ms) / 1000;

const totalsOf = (observations: readonly ReportObservation[]): Report['totals'] => {
  const totals: Report['totals'] = {};
  for (const { type, duration_s } of observations) {
    const before = totals[type] ?? { count: 0, seconds: 0 };
    totals[type] = {
      count: before.count + 1,
      seconds: seconds((before.seconds + duration_s) * 1000),
    };
  }
  return totals;
};

const violationsOf = (state: SessionState): Report['violations'] => {
  const byType: Partial<Record<ViolationType, number>> = {};
  for (const { type } of state.violations) byType[type] = (byType[type] ?? 0) + 1;
  const notListed = state.violationsNotListed;
  return { total: state.violations.length + notListed, by_type: byType, list: state.violations, not_listed: notListed };
};

const timeOf = (coverage: Coverage | null): ObservedTime =>
  coverage === null
    ? { durationMs: 0, observedMs: 0 }
    : { durationMs: coverage.to_ms - coverage.from_ms, observedMs: coverage.observed_s * 1000 };

const clockOf = ({ clockCorrected }: SessionState): Pick<ReportIntegrity, 'clock_corrected'> =>
  clockCorrected === undefined
    ? {}
    : { clock_corrected: { frames: clockCorrected.frames, largest_ms: clockCorrected.largestMs } };

/** Folds frames into the session's state, in the one order that counts. */
export const foldFrames = (frames: readonly StoredFrame[], set: RuleSet = currentRuleSet): SessionState => {
  let state = startSession();
  for (const frame of frames.toSorted(compareFrames)) [state] = stepSession(state, frame, set);
  return state;
};

/** What a report says besides what the frames gave. */
export interface ReportFacts {
  session: ReportSession;
  integrity: Omit<ReportIntegrity, 'frames' | 'clock_corrected'>;
  /** Client-clock moment up to which the session is to be covered, Unix epoch; null ends with the last frame. */
  endMs: number | null;
  /** What the state was folded with. */
  set: RuleSet;
  /** Names of the student's accommodations. */
  accommodations: readonly string[];
  /** Null: those that belong to the rules. */
  weights: RiskWeights | null;
}

/** Makes the report from a session's state. Pure: the same state and facts give the same report, byte for byte. */
export const makeReport = (state: SessionState, facts: ReportFacts): Report => {
  const { session, integrity, endMs, set, accommodations, weights } = facts;
  const startMs = state.coverage?.fromMs ?? 0;
  const coverage = state.coverage === null ? null : coverageOf(state.coverage, endMs ?? state.coverage.lastMs);
  const observations = observationsOf(state, set).map((observation) => ({
    ...observation,
    from_s: seconds(observation.from_ms - startMs),
    to_s: seconds(observation.to_ms - startMs),
    duration_s: seconds(observation.to_ms - observation.from_ms),
  }));
  return {
    session,
    rules_version: set.version,
    rules: set.rules.map(({ type }) => ({ type, watched_s: seconds(state.watchedMs[type] ?? 0) })),
    accommodations: [...accommodations],
    usual: usualOf(state.rules),
    coverage,
    observations,
    violations: violationsOf(state),
    totals: totalsOf(observations),
    risk: riskOf(observations, timeOf(coverage), weights ?? riskWeightsFor(set.version)),
    integrity: { frames: state.frames, ...integrity, ...clockOf(state) },
    ...(state.calibration === undefined ? {} : { calibration: state.calibration }),
    review: openReview,
  };
};
