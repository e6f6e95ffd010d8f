export const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** For an even number of values, the upper of the two in the middle; NaN for an empty list. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Reports the current measurement, and the share of the work that is done (0–1). */
export type ReportProgress = (note: string, share: number) => void;
