import { Gauge } from 'prom-client';
import type { EventLoopDelay } from './event-loop-delay.ts';
import type { Registry } from 'prom-client';

/** A bounded queue. */
export interface Queue {
  size: () => number;
  capacity: () => number;
}

/** The work of a pool of threads. */
export interface JobCounts {
  /** Jobs not yet started. */
  readonly queue: Queue;
  readonly running: number;
}

/** Metrics that are read on scrape only, so that measuring costs nothing in between. */
export const scrapedMetrics = (registry: Registry) => ({
  watchQueues(queues: Readonly<Record<string, Queue>>): void {
    const measured = (name: string, help: string, of: (queue: Queue) => number): Gauge<'queue'> =>
      new Gauge({
        name,
        help,
        labelNames: ['queue'],
        registers: [registry],
        collect() {
          for (const [queue, each] of Object.entries(queues)) this.set({ queue }, of(each));
        },
      });
    measured('invigil_queue_size', 'Items in each queue', ({ size }) => size());
    measured('invigil_queue_capacity', 'Capacity of each queue', ({ capacity }) => capacity());
  },
  /** @param leapMs how far the wall clock has been set ahead or back since the start */
  watchClock(leapMs: () => number): void {
    const leap = new Gauge({
      name: 'invigil_clock_leap_seconds',
      help: 'How far the wall clock was set since this process started',
      aggregator: 'max',
      registers: [registry],
      collect() {
        leap.set(leapMs() / 1000);
      },
    });
  },
  /** Measures from one scrape to the next. */
  watchEventLoop(delay: EventLoopDelay): void {
    const gauge = new Gauge({
      name: 'invigil_event_loop_delay_seconds',
      help: 'How late timers ran since the last scrape, by quantile; 1 is the longest delay',
      labelNames: ['quantile'],
      aggregator: 'max',
      registers: [registry],
      collect() {
        const { p50Ms, p99Ms, maxMs } = delay.take();
        for (const [quantile, ms] of Object.entries({ 0.5: p50Ms, 0.99: p99Ms, 1: maxMs })) {
          gauge.set({ quantile }, ms / 1000);
        }
      },
    });
  },
  /** @param lagMs how long the oldest frame is overdue */
  watchArchive(lagMs: () => number): void {
    const lag = new Gauge({
      name: 'invigil_archive_lag_seconds',
      help: 'How much longer than the retention the oldest frame has waited for the archive',
      aggregator: 'max',
      registers: [registry],
      collect() {
        lag.set(lagMs() / 1000);
      },
    });
  },
  watchJobs: jobsWatch(registry),
  /** @param state of each part, as `/healthz` reports it */
  watchParts(state: () => Promise<Readonly<Record<string, string>>>): void {
    const up = new Gauge({
      name: 'invigil_part_up',
      help: 'Whether frames, records and bus work: 1 or 0',
      labelNames: ['part'],
      aggregator: 'min',
      registers: [registry],
      async collect() {
        for (const [part, is] of Object.entries(await state())) up.set({ part }, is === 'ok' ? 1 : 0);
      },
    });
  },
});

const jobsWatch =
  (registry: Registry) =>
  (pools: Readonly<Record<string, JobCounts>>): void => {
    const jobs = new Gauge({
      name: 'invigil_jobs',
      help: 'Work in threads of their own, by pool and state: waiting, running',
      labelNames: ['pool', 'state'],
      registers: [registry],
      collect() {
        for (const [pool, { queue, running }] of Object.entries(pools)) {
          jobs.set({ pool, state: 'waiting' }, queue.size());
          jobs.set({ pool, state: 'running' }, running);
        }
      },
    });
  };
