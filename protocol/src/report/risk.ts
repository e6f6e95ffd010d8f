import type { Observation, ObservationType } from '../rules/observation.ts';

/**
 * How much a type of observation weighs. Points grow with its share of the observed time, weighted by coverage, and saturate:
 * points = max_points × min(1, (seconds / max(observed seconds, least) × coverage) / full_at_share).
 * The weighting by coverage is what keeps unseen time from ever raising the risk: less observed can only mean fewer points.
 * The least time keeps a minute's look from concluding as much as an hour's.
 */
interface Weight {
  max_points: number;
  full_at_share: number;
}

export interface RiskWeights {
  version: string;
  /** A type without a weight never counts. */
  weights: Partial<Record<ObservationType, Weight>>;
  /** Below this coverage the risk is capped at coverage × 100: little seen, little to conclude. */
  lowCoverage: number;
  /** Shares are never taken of less observed time than this: of a short sitting, little is to conclude. */
  leastObservedMs: number;
}

export const riskWeights1: RiskWeights = {
  version: '1',
  weights: {
    phone_visible: { max_points: 40, full_at_share: 0.05 },
    multiple_faces: { max_points: 35, full_at_share: 0.05 },
    face_absent: { max_points: 30, full_at_share: 0.1 },
    looking_away: { max_points: 20, full_at_share: 0.1 },
    // Not being able to see lowers the coverage and never counts against the student.
    camera_obstructed: { max_points: 0, full_at_share: 1 },
    camera_frozen: { max_points: 0, full_at_share: 1 },
  },
  lowCoverage: 0.5,
  leastObservedMs: 0,
};

/** With rule set 2. Its coarse signals weigh little, and notes about the picture or the stream nothing. */
export const riskWeights2: RiskWeights = {
  version: '2',
  weights: {
    ...riskWeights1.weights,
    gaze_off_exam: { max_points: 15, full_at_share: 0.2 },
    reading_aside: { max_points: 10, full_at_share: 0.2 },
    head_turned: { max_points: 10, full_at_share: 0.2 },
    talking: { max_points: 10, full_at_share: 0.2 },
    hand_with_object: { max_points: 5, full_at_share: 0.2 },
  },
  lowCoverage: 0.5,
  leastObservedMs: 600_000,
};

const never: Weight = { max_points: 0, full_at_share: 1 };

/** Every version that can still be used, with the rules of any version. */
export const riskWeightSets: Readonly<Record<string, RiskWeights>> = { 1: riskWeights1, 2: riskWeights2 };

/** The weights that belong to a rule set. */
export const riskWeightsFor = (rulesVersion: string): RiskWeights =>
  rulesVersion === '1' ? riskWeights1 : riskWeights2;

/** How long the session was, and how much of it was observed. */
export interface ObservedTime {
  durationMs: number;
  observedMs: number;
}

export interface Contribution {
  type: ObservationType;
  seconds: number;
  /** May pass 1: an observation can bridge moments that were not observed. */
  share_of_observed: number;
  coverage: number;
  max_points: number;
  full_at_share: number;
  points: number;
  arithmetic: string;
}

export interface Risk {
  /** 0–100. A number to sort by, never a verdict. */
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

const contribution = (
  type: ObservationType,
  totalMs: number,
  { observedMs, durationMs }: ObservedTime,
  { weights, leastObservedMs }: RiskWeights,
): Contribution => {
  const weight = weights[type] ?? never;
  const ofMs = Math.max(observedMs, leastObservedMs);
  const coverage = durationMs === 0 ? 0 : observedMs / durationMs;
  const counted = ofMs === 0 ? 0 : (totalMs / ofMs) * coverage;
  const points = round(weight.max_points * Math.min(1, counted / weight.full_at_share), 1);
  const lasted = `${round(totalMs / 1000, 3)} s`;
  const observed = `${round(observedMs / 1000, 3)} s`;
  const of = ofMs === observedMs ? observed : `max(${observed}, ${leastObservedMs / 1000} s)`;
  const arithmetic = (): string => {
    if (weight.max_points === 0) return `${lasted}: a note about the picture or the stream, which never counts`;
    if (observedMs === 0) return `${weight.max_points} × 0, because nothing was observed = 0`;
    return `${weight.max_points} × min(1, (${lasted} / ${of} × ${round(coverage, 4)}) / ${weight.full_at_share}) = ${points}`;
  };
  return {
    type,
    seconds: round(totalMs / 1000, 1),
    share_of_observed: round(observedMs === 0 ? 0 : totalMs / observedMs, 4),
    coverage: round(coverage, 4),
    max_points: weight.max_points,
    full_at_share: weight.full_at_share,
    points,
    arithmetic: arithmetic(),
  };
};

/** Risk with its arithmetic. Pure: the same observations and coverage always give the same object. */
export const riskOf = (observations: readonly Observation[], time: ObservedTime, weights: RiskWeights): Risk => {
  const totals = new Map<ObservationType, number>();
  for (const observation of observations) {
    const durationMs = observation.to_ms - observation.from_ms;
    totals.set(observation.type, (totals.get(observation.type) ?? 0) + durationMs);
  }
  const contributions = [...totals]
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
