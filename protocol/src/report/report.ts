import type { LiveCoverage } from '../evidence/live-coverage.ts';
import { arrivalCoverageOf, coverageUntil } from './arrival-coverage.ts';
import { handInMs, workOf } from './report-work.ts';
import { emptyContext } from './session-context.ts';
import type { PhoneCamera, ReportAlert, ReportWork, SessionContext } from './session-context.ts';
import { coverageOf } from './coverage.ts';
import type { Coverage } from './coverage.ts';
import { riskOf } from './risk.ts';
import type { ObservedTime, Risk } from './risk.ts';
import { riskWeightsFor } from './risk-weights.ts';
import type { RiskWeights } from './risk-weights.ts';
import { compareFrames, observationsOf, startSession, stepSession } from './session-state.ts';
import type { SessionState } from './session-state.ts';
import { baselineSummaryOf } from './baseline-summary.ts';
import type { BaselineSummary } from './baseline-summary.ts';
import type { Calibration } from '../frame/calibration.ts';
import type { LossReason } from '../channels/session.ts';
import type { StoredFrame } from '../frame/feature-frame.ts';
import type { Observation, ObservationType } from '../rules/observation.ts';
import { currentRuleSet } from '../rules/rule-set.ts';
import type { RuleSet } from '../rules/rule-set.ts';
import { openReview } from './review.ts';
import type { Review } from './review.ts';
import type { Violation, ViolationType } from '../frame/violation.ts';

/** Facts about the session that are not in its frames. */
export interface ReportSession {
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
  status: 'running' | 'ended';
  /** ISO 8601, server clock. */
  started_at: string;
  ended_at: string | null;
}

/** How complete and verifiable the frames are. */
interface ReportIntegrity {
  frames: number;
  frames_lost: number;
  losses: Partial<Record<LossReason, number>>;
  /** Head of the hash chain over the batches, null if there is none. */
  chain: string | null;
  /** The chain's extent; null if there is none. Absent in reports from versions that did not count it. */
  chained?: { links: number; confirmed_links: number; frames: number; unchained_frames: number } | null;
  /** Number of frames whose device clock was corrected, and the largest correction. Absent if there were none. */
  clock_corrected?: { frames: number; largest_ms: number };
  /** Number of frames from a browser without storage, and without locks. Absent if there were none. */
  frames_without?: { storage?: number; lock?: number };
  /** Frames whose time does not increase with their number. These six fields are absent in reports of rules before version 3. */
  out_of_order?: number;
  /** Frames from before the session or from the future. */
  outside_session?: number;
  /** Frames that arrived late although the server detected no outage. */
  late_unexplained?: number;
  /** Time in which a face's readings did not change in any digit, and in which they repeated earlier readings. Gives no points. */
  constant_readings_s?: number;
  repeated_readings_s?: number;
  /** Time in which they did either, ignoring the last digits. */
  nearly_constant_readings_s?: number;
  /** Hash over the frames' ids and times of receipt, in order of arrival. */
  received?: string;
  /** Frames that the frame store acknowledged and then lost. Absent if there are none. */
  store_lost?: { frames: number };
  /**
   * Frames, sent or reported lost, that arrived before the session's end but could no longer be stored, part of `losses.session_over`.
   * Absent if there are none.
   */
  received_too_late?: number;
}

/** An observation with times relative to the session. */
export interface ReportObservation extends Observation {
  /** Seconds since the session's first frame. */
  from_s: number;
  to_s: number;
  duration_s: number;
}

/** The report of one session: observations and arithmetic. Only a human decides. */
export interface Report {
  session: ReportSession;
  rules_version: string;
  /** The rules that applied, and how long each one's readings were known. */
  rules: { type: ObservationType; watched_s: number }[];
  /** Names of the student's accommodations; `rules` lists the rules that remained. */
  accommodations: string[];
  /** The student's baseline; version 1 of the rules does not use it. */
  usual: BaselineSummary;
  coverage: Coverage | null;
  observations: ReportObservation[];
  /** Violations that the exam page reported. */
  violations: { total: number; by_type: Partial<Record<ViolationType, number>>; list: Violation[]; not_listed: number };
  totals: Partial<Record<ObservationType, { count: number; seconds: number }>>;
  risk: Risk;
  integrity: ReportIntegrity;
  /** Alerts raised while the session ran. These three fields are absent in reports of rules before version 3. */
  alerts?: ReportAlert[];
  work?: ReportWork;
  /** The student's other sessions of the same exam. */
  other_sessions?: SessionContext['other_sessions'];
  /** When a phone was the camera. Absent if none was. */
  phone_cameras?: PhoneCamera[];
  /** The latest gaze calibration, if one was tried. */
  calibration?: Calibration;
  /** The human part. The analysis leaves it open; the server fills it in when it serves the report. */
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

const missingOf = ({ missing }: SessionState): Pick<ReportIntegrity, 'frames_without'> =>
  missing === undefined ? {} : { frames_without: missing };

/**
 * Analyses a complete list of frames, in any order.
 *
 * @example
 * const state = foldFrames(frames, currentRuleSet);
 */
export const foldFrames = (frames: readonly StoredFrame[], set: RuleSet = currentRuleSet): SessionState => {
  let state = startSession();
  for (const frame of frames.toSorted(compareFrames)) [state] = stepSession(state, frame, set);
  return state;
};

/** The parts of a report that do not come from frames. */
export interface ReportFacts {
  session: ReportSession;
  integrity: Omit<ReportIntegrity, 'frames' | 'clock_corrected' | 'frames_without'>;
  /** End of the session for its coverage: client clock, milliseconds since the Unix epoch; null: the last frame. */
  endMs: number | null;
  /** The rule set that the state was folded with. */
  set: RuleSet;
  /** Names of the student's accommodations. */
  accommodations: readonly string[];
  /** Risk weights; null: the default weights of the rule set. */
  weights: RiskWeights | null;
  /** Absent if nothing is known besides the frames. */
  context?: SessionContext;
}

/** The start of the student's next session of the exam; null if there was none. */
const nextStartMs = ({ other_sessions: others }: SessionContext, startedMs: number): number | null => {
  const later = others.map(({ started_at: at }) => Date.parse(at)).filter((atMs) => atMs > startedMs);
  return later.length === 0 ? null : Math.min(...later);
};

/**
 * When this session stops covering the student: at the hand-in, otherwise at the start of their next session, its own end or a later
 * answer, whichever is last. So the first session counts the time between two sessions as not observed. @param endMs server clock
 */
const endOfWork = (endMs: number, startedMs: number, context: SessionContext): number => {
  const handedInMs = handInMs(context);
  if (handedInMs !== null) return Math.max(handedInMs, startedMs);
  const lastMs = context.answers.reduce((latestMs, { at }) => Math.max(latestMs, Date.parse(at)), endMs);
  return Math.max(lastMs, nextStartMs(context, startedMs) ?? lastMs);
};

/** Coverage up to the end of the student's work, which may continue after the session's own end. */
const coveredOf = ({ evidence }: SessionState, { endMs, context = emptyContext }: ReportFacts): LiveCoverage | null => {
  if (evidence === undefined) return null;
  const untilMs = endOfWork(endMs ?? evidence.coverage.lastMs, evidence.startedMs, context);
  return coverageUntil(evidence.coverage, untilMs, context.breaks_allowed);
};

const alertsOf = (observations: readonly Observation[], set: RuleSet, context: SessionContext): ReportAlert[] => {
  const known = new Set(observations.map(({ id }) => id));
  return context.alerts.map((alert) => {
    // An alert about answers does not come from frames.
    const supported = known.has(alert.observation_id) || alert.type === 'answered_unobserved';
    const hasRule = set.rules.some(({ type }) => type === alert.type);
    const reason = context.frames_missing > 0 ? 'store_lost' : hasRule ? 'not_in_frames' : 'other_rules';
    return { ...alert, supported, unsupported_reason: supported ? null : reason };
  });
};

const ofArrivals = (
  { evidence }: SessionState,
  covered: LiveCoverage | null,
  observations: readonly Observation[],
  { set, context = emptyContext }: ReportFacts,
): Pick<Report, 'alerts' | 'work' | 'other_sessions' | 'phone_cameras'> =>
  evidence === undefined || covered === null
    ? {}
    : {
        alerts: alertsOf(observations, set, context),
        work: workOf(covered, context),
        other_sessions: context.other_sessions,
        ...(context.phone_cameras === undefined ? {} : { phone_cameras: context.phone_cameras }),
      };

const evidenceCounts = (
  { evidence }: SessionState,
  { context = emptyContext }: ReportFacts,
): Partial<ReportIntegrity> =>
  evidence === undefined
    ? {}
    : {
        out_of_order: evidence.outOfOrder,
        outside_session: evidence.outsideSession,
        late_unexplained: evidence.lateUnexplained,
        constant_readings_s: seconds(evidence.readings.constantMs),
        repeated_readings_s: seconds(evidence.readings.repeatedMs + (evidence.loop?.repeatedMs ?? 0)),
        nearly_constant_readings_s: seconds(evidence.coarse.constantMs + evidence.coarse.repeatedMs),
        ...(context.frames_missing === 0 ? {} : { store_lost: { frames: context.frames_missing } }),
      };

/**
 * Makes a report from a session's state. Pure: the same state and facts give the same report, byte for byte.
 *
 * @example
 * const report = makeReport(foldFrames(frames, set), { session, integrity, endMs: null, set, accommodations: [], weights: null });
 */
export const makeReport = (state: SessionState, facts: ReportFacts): Report => {
  const { session, integrity, endMs, set, accommodations, weights } = facts;
  const covered = coveredOf(state, facts);
  const coverage =
    covered !== null && state.frames > 0
      ? arrivalCoverageOf(covered)
      : state.coverage === null
        ? null
        : coverageOf(state.coverage, endMs ?? state.coverage.lastMs);
  const startMs = state.evidence?.firstMs ?? coverage?.from_ms ?? 0;
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
    usual: baselineSummaryOf(state.rules),
    coverage,
    observations,
    violations: violationsOf(state),
    totals: totalsOf(observations),
    risk: riskOf(observations, timeOf(coverage), weights ?? riskWeightsFor(set.version)),
    integrity: {
      frames: state.frames,
      ...integrity,
      ...clockOf(state),
      ...missingOf(state),
      ...evidenceCounts(state, facts),
    },
    ...ofArrivals(state, covered, observations, facts),
    ...(state.calibration === undefined ? {} : { calibration: state.calibration }),
    review: openReview,
  };
};
