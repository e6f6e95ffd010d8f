/** Percentiles of milliseconds, by the nearest rank; null where nothing was measured. */
export const percentiles = (valuesMs) => {
  const sorted = Float64Array.from(valuesMs).sort();
  const at = (share) =>
    sorted.length === 0 ? null : Number(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)].toFixed(2));
  return { n: sorted.length, p50_ms: at(0.5), p99_ms: at(0.99), p999_ms: at(0.999), max_ms: at(1) };
};
