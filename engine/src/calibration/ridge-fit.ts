/** Sums of weighted products, from which a fit is computed; sums of several groups can be added and subtracted. */
export interface NormalSums {
  /** Row-major, features × features. */
  gram: Float64Array;
  /** Row-major, features × outputs. */
  cross: Float64Array;
}

export const startSums = (features: number, outputs: number): NormalSums => ({
  gram: new Float64Array(features * features),
  cross: new Float64Array(features * outputs),
});

export const addRow = (sums: NormalSums, row: readonly number[], target: readonly number[], weight: number): void => {
  const [width, outputs] = [row.length, target.length];
  for (let i = 0; i < width; i++) {
    const wi = weight * row[i]!;
    for (let j = 0; j < width; j++) sums.gram[i * width + j]! += wi * row[j]!;
    for (let k = 0; k < outputs; k++) sums.cross[i * outputs + k]! += wi * target[k]!;
  }
};

/** `into` plus `sign` times `sums`. */
export const combined = (into: NormalSums, sums: NormalSums, sign: 1 | -1): NormalSums => ({
  gram: into.gram.map((value, index) => value + sign * sums.gram[index]!),
  cross: into.cross.map((value, index) => value + sign * sums.cross[index]!),
});

/**
 * Ridge regression: the coefficients (row-major, features × outputs) with the least squared error plus `penalties`
 * times the squared coefficients. Solved by Cholesky decomposition; null if the sums do not determine them.
 */
export const solveRidge = ({ gram, cross }: NormalSums, penalties: readonly number[]): number[] | null => {
  const width = penalties.length;
  const outputs = cross.length / width;
  const lower = new Float64Array(width * width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * width + j]! + (i === j ? penalties[i]! : 0);
      for (let k = 0; k < j; k++) sum -= lower[i * width + k]! * lower[j * width + k]!;
      if (i === j && !(sum > 1e-12)) return null;
      lower[i * width + j] = i === j ? Math.sqrt(sum) : sum / lower[j * width + j]!;
    }
  }
  const solved = Array.from(cross);
  for (let k = 0; k < outputs; k++) {
    for (let i = 0; i < width; i++) {
      for (let j = 0; j < i; j++) solved[i * outputs + k]! -= lower[i * width + j]! * solved[j * outputs + k]!;
      solved[i * outputs + k]! /= lower[i * width + i]!;
    }
    for (let i = width - 1; i >= 0; i--) {
      for (let j = i + 1; j < width; j++) solved[i * outputs + k]! -= lower[j * width + i]! * solved[j * outputs + k]!;
      solved[i * outputs + k]! /= lower[i * width + i]!;
    }
  }
  return solved;
};
