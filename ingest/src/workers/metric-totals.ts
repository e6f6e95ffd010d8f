import { AggregatorRegistry, Counter, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { WorkerMetrics } from './worker-message.ts';

/** Prometheus takes a fall of these as a restart, and counts them again: they must outlive the worker. Gauges must not. */
const totalTypes: readonly string[] = ['counter', 'histogram'];

/** The counters and histograms. */
export const totalsOf = (metrics: WorkerMetrics): WorkerMetrics =>
  // prom-client declares numbers, and exports words.
  metrics.filter(({ type }) => totalTypes.includes(String(type)));

/** The counters and histograms of a registry, without those metrics that ask a store. */
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
