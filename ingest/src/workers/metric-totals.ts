import { AggregatorRegistry, Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { WorkerMetrics } from './worker-message.ts';

/** Prometheus treats a decrease of these as a reset and adds the rest again, so they outlive their worker. Gauges do not. */
const totalTypes: readonly string[] = ['counter', 'histogram'];

/** The counters and histograms. */
export const totalsOf = (metrics: WorkerMetrics): WorkerMetrics =>
  // prom-client declares `type` as a number but exports a string.
  metrics.filter(({ type }) => totalTypes.includes(String(type)));

/** The counters and histograms of a registry. Reads no gauges, because some query a store. */
export const readTotals = async (registry: Registry): Promise<WorkerMetrics> => {
  const totals = registry
    .getMetricsAsArray()
    .filter((metric) => metric instanceof Counter || metric instanceof Histogram);
  return await Promise.all(totals.map((metric) => metric.get() as Promise<WorkerMetrics[number]>));
};

export const addTotals = (one: WorkerMetrics, other: WorkerMetrics): WorkerMetrics => {
  const sums = AggregatorRegistry.aggregate([one, other]).getMetricsAsArray() as unknown as WorkerMetrics;
  return sums.map(({ name, help, type, aggregator, values }) => ({
    name,
    help,
    type,
    aggregator,
    values,
  })) as WorkerMetrics;
};
