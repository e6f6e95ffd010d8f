import { featurePenalties, gazeFeatures } from './gaze-features.ts';
import { distancePx, median } from './gaze-sample.ts';
import type { GazeSample, PointPx } from './gaze-sample.ts';
import { outputs, pointOf } from './predict-gaze.ts';
import type { GazeWeights } from './predict-gaze.ts';
import { addRow, combined, solveRidge, startSums } from './ridge-fit.ts';
import type { NormalSums } from './ridge-fit.ts';

export interface GazeFit {
  weights: GazeWeights;
  /** Mean distance between the readings and a held-out target (each target is left out once), CSS pixels. */
  heldOutErrorPx: number;
  /** The same for always guessing the middle of the other targets: the result without any eye movement. */
  blindErrorPx: number;
  samples: number;
  groups: number;
}

/**
 * Penalty strengths to try, in the same unit as the mean squared features of one group. The one with the smallest
 * held-out error is used.
 */
const strengths = [0.003, 0.01, 0.03, 0.1, 0.3, 1] as const;
/** Readings further from the first fit than this many times their group's median are excluded from the second. */
const outlier = 3;

const width = featurePenalties.length;

interface Group {
  rows: { features: number[]; target: PointPx }[];
  sums: NormalSums;
}

/** Every group has the same weight, regardless of its number of readings. */
const groupOf = (rows: Group['rows']): Group => {
  const sums = startSums(width, outputs);
  for (const { features, target } of rows) addRow(sums, features, [target.x, target.y], 1 / rows.length);
  return { rows, sums };
};

const total = (groups: readonly Group[]): NormalSums =>
  groups.reduce((sums, group) => combined(sums, group.sums, 1), startSums(width, outputs));

const penaltiesOf = (strength: number): number[] => featurePenalties.map((penalty) => penalty * strength);

const meanErrorPx = ({ rows }: Group, weights: GazeWeights): number =>
  rows.reduce((sum, { features, target }) => sum + distancePx(pointOf(features, weights), target), 0) / rows.length;

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const heldOutErrorPx = (groups: readonly Group[], strength: number): number => {
  const all = total(groups);
  return mean(
    groups.map((group) => {
      const weights = solveRidge(combined(all, group.sums, -1), penaltiesOf(strength));
      return weights === null ? Infinity : meanErrorPx(group, weights);
    }),
  );
};

const best = (groups: readonly Group[]): { weights: GazeWeights; errorPx: number } | null => {
  let [strength, errorPx] = [strengths[0] as number, Infinity];
  for (const tried of strengths) {
    const triedErrorPx = heldOutErrorPx(groups, tried);
    if (triedErrorPx < errorPx) [strength, errorPx] = [tried, triedErrorPx];
  }
  const weights = solveRidge(total(groups), penaltiesOf(strength));
  return weights === null || errorPx === Infinity ? null : { weights, errorPx };
};

const withoutOutliers = (groups: readonly Group[], weights: GazeWeights): Group[] =>
  groups.map(({ rows }) => {
    const errors = rows.map(({ features, target }) => distancePx(pointOf(features, weights), target));
    const limit = outlier * median(errors);
    return groupOf(rows.filter((_, index) => errors[index]! <= limit));
  });

const blindErrorPx = (groups: readonly Group[]): number => {
  const targets = groups.flatMap(({ rows }) => rows.map(({ target }) => target));
  const middle = { x: mean(targets.map(({ x }) => x)), y: mean(targets.map(({ y }) => y)) };
  return mean(groups.map(({ rows }) => mean(rows.map(({ target }) => distancePx(target, middle)))));
};

/** Maps eyes and head to places on the screen; null if the samples do not determine the fit. Pure. */
export const fitGaze = (samples: readonly GazeSample[]): GazeFit | null => {
  const rowsByGroup = new Map<string, Group['rows']>();
  for (const { signal, target, group } of samples) {
    const rows = rowsByGroup.get(group) ?? [];
    rowsByGroup.set(group, [...rows, { features: gazeFeatures(signal), target }]);
  }
  const all = [...rowsByGroup.values()].map(groupOf);
  if (all.length < 3) return null;
  const first = best(all);
  if (first === null) return null;
  const kept = withoutOutliers(all, first.weights);
  const second = best(kept);
  if (second === null) return null;
  return {
    weights: second.weights,
    heldOutErrorPx: second.errorPx,
    blindErrorPx: blindErrorPx(all),
    samples: kept.reduce((sum, { rows }) => sum + rows.length, 0),
    groups: kept.length,
  };
};
