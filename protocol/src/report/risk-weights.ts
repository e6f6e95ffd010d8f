import type { ObservationType } from '../rules/observation.ts';

/**
 * Weight of one observation type. Points grow with the type's share of the observed time, weighted by coverage, up to
 * `max_points`:
 *
 *     points = max_points × min(1, (seconds / max(observed seconds, least) × coverage) / full_at_share)
 *
 * The factor `coverage` ensures that unobserved time never raises the risk. The `least` time prevents one minute of
 * observation from giving as many points as an hour.
 */
export interface Weight {
  max_points: number;
  /** Share of the observed time at which the points reach their maximum, 0–1. */
  full_at_share: number;
}

/** A versioned set of weights. A released version never changes. */
export interface RiskWeights {
  version: string;
  /** A type without a weight never counts. */
  weights: Partial<Record<ObservationType, Weight>>;
  /** Below this coverage (0–1) the risk is capped at coverage × 100: little was observed, so little can be concluded. */
  lowCoverage: number;
  /** `least` in the formula, milliseconds: shares are relative to at least this much observed time. */
  leastObservedMs: number;
}

/** For rule set 1. */
const riskWeights1: RiskWeights = {
  version: '1',
  weights: {
    phone_visible: { max_points: 40, full_at_share: 0.05 },
    multiple_faces: { max_points: 35, full_at_share: 0.05 },
    face_absent: { max_points: 30, full_at_share: 0.1 },
    looking_away: { max_points: 20, full_at_share: 0.1 },
    // An unusable image lowers coverage and never counts against the student.
    camera_obstructed: { max_points: 0, full_at_share: 1 },
    camera_frozen: { max_points: 0, full_at_share: 1 },
  },
  lowCoverage: 0.5,
  leastObservedMs: 0,
};

/** For rule set 2. Coarse signals have low weights; observations about the image or the stream have none. */
const riskWeights2: RiskWeights = {
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

/** Every version that can still be used, by version. Each works with every rule set. */
export const riskWeightSets: Readonly<Record<string, RiskWeights>> = { 1: riskWeights1, 2: riskWeights2 };

/** The default weights of each rule set, by its version. */
export const riskWeightsFor = (rulesVersion: string): RiskWeights =>
  rulesVersion === '1' ? riskWeights1 : riskWeights2;
