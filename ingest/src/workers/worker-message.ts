import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** The metrics of one worker, as prom-client exports them. */
export type WorkerMetrics = MetricObjectWithValues<MetricValue<string>>[];

export type WorkerMessage =
  | { kind: 'ready' }
  /** The answer to `ping`. */
  | { kind: 'pong' }
  /** Answered with the primary’s `state` or `collected`, with the same id. */
  | { kind: 'ask'; id: number; about: 'state' | 'metrics' }
  /** The answer to `collect` with the same id; null for the last counters and histograms of a worker that stops. */
  | { kind: 'metrics'; id: number | null; metrics: WorkerMetrics };

export type PrimaryMessage =
  /** Answered with `pong`, from the event loop: a worker that hangs does not answer. */
  | { kind: 'ping' }
  /** Answered with `metrics`. */
  | { kind: 'collect'; id: number }
  | { kind: 'collected'; id: number; metrics: WorkerMetrics[] }
  | { kind: 'state'; id: number; ready: number; wanted: number; unresponsive: number[] };
