import type { Observation, ObservationType } from '../rules/observation.ts';
import { unionMs } from '../evidence/time-span.ts';
import type { RiskWeights, Weight } from './risk-weights.ts';

/** For types without a weight. */
const unweighted: Weight = { max_points: 0, full_at_share: 1 };

/** Duration of the session, and how much of it was observed. */
export interface ObservedTime {
  durationMs: number;
  observedMs: number;
}

/** Points of one observation type, with every term of the formula. Shares and coverage are 0–1. */
interface Contribution {
  type: ObservationType;
  seconds: number;
  /** Can exceed 1, because an observation can bridge short times that were not observed. */
  share_of_observed: number;
  coverage: number;
  max_points: number;
  full_at_share: number;
  points: number;
  arithmetic: string;
}

/** The risk with its arithmetic: value = min(capped_at, sum_of_points), rounded. */
export interface Risk {
  /** 0–100. A number for sorting, never a verdict. */
  value: number;
  weights_version: string;
  contributions: Contribution[];
  sum_of_points: number;
  capped_at: number;
  cap_reason: string | null;
}

const round = (value: number, digits: number): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

/** The terms of one contribution: how long the type lasted, and the time that its share is relative to. */
interface Terms {
  totalMs: number;
  observedMs: number;
  /** observed time, but at least the weights' `leastObservedMs`. */
  ofMs: number;
  coverage: number;
  weight: Weight;
}

const arithmeticOf = ({ totalMs, observedMs, ofMs, coverage, weight }: Terms, points: number): string => {
  const lasted = `${round(totalMs / 1000, 3)} s`;
  if (weight.max_points === 0) return `${lasted}: a note about the image or the stream, which never counts`;
  if (observedMs === 0) return `${weight.max_points} × 0, because nothing was observed = 0`;
  const observed = `${round(observedMs / 1000, 3)} s`;
  const of = ofMs === observedMs ? observed : `max(${observed}, ${ofMs / 1000} s)`;
  return `${weight.max_points} × min(1, (${lasted} / ${of} × ${round(coverage, 4)}) / ${weight.full_at_share}) = ${points}`;
};

const contribution = (
  type: ObservationType,
  totalMs: number,
  { observedMs, durationMs }: ObservedTime,
  { weights, leastObservedMs }: RiskWeights,
): Contribution => {
  const weight = weights[type] ?? unweighted;
  const ofMs = Math.max(observedMs, leastObservedMs);
  const coverage = durationMs === 0 ? 0 : observedMs / durationMs;
  const counted = ofMs === 0 ? 0 : (totalMs / ofMs) * coverage;
  const points = round(weight.max_points * Math.min(1, counted / weight.full_at_share), 1);
  return {
    type,
    seconds: round(totalMs / 1000, 1),
    share_of_observed: round(observedMs === 0 ? 0 : totalMs / observedMs, 4),
    coverage: round(coverage, 4),
    max_points: weight.max_points,
    full_at_share: weight.full_at_share,
    points,
    arithmetic: arithmeticOf({ totalMs, observedMs, ofMs, coverage, weight }, points),
  };
};

/** Computes the risk. Pure: the same observations, times and weights give the same result. */
export const riskOf = (observations: readonly Observation[], time: ObservedTime, weights: RiskWeights): Risk => {
  const spans = new Map<ObservationType, Observation[]>();
  for (const observation of observations) {
    if (observation.usual === true) continue;
    spans.set(observation.type, [...(spans.get(observation.type) ?? []), observation]);
  }
  // Observations from late frames can overlap those from live frames; the same time counts once.
  const totals = [...spans].map(([type, list]) => [type, unionMs(list)] as const);
  const contributions = totals
    .map(([type, totalMs]) => contribution(type, totalMs, time, weights))
    .toSorted((a, b) => b.points - a.points || (a.type < b.type ? -1 : 1));
  const sum = round(
    contributions.reduce((total, { points }) => total + points, 0),
    1,
  );
  const coverageShare = time.durationMs === 0 ? 0 : time.observedMs / time.durationMs;
  const low = coverageShare < weights.lowCoverage;
  const cap = low ? Math.floor(coverageShare * 100) : 100;
  return {
    value: round(Math.min(cap, sum), 0),
    weights_version: weights.version,
    contributions,
    sum_of_points: sum,
    capped_at: cap,
    cap_reason: low
      ? `only ${Math.floor(coverageShare * 100)} % of the session was observed, less than ${weights.lowCoverage * 100} %`
      : null,
  };
};
