/** Percentiles of durations; null where nothing was measured. */
export interface Percentiles {
  n: number;
  p50_ms: number | null;
  p99_ms: number | null;
  p999_ms: number | null;
  max_ms: number | null;
}

/** By the nearest rank. */
export const percentiles = (valuesMs: readonly number[]): Percentiles => {
  const sorted = Float64Array.from(valuesMs).sort();
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : Number(value.toFixed(2));
  };
  return { n: sorted.length, p50_ms: at(0.5), p99_ms: at(0.99), p999_ms: at(0.999), max_ms: at(1) };
};
