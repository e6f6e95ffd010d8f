import { uptime } from 'node:os';
import { monotonicMs } from './monotonic-time.ts';

export interface SteadyClockSources {
  /** Milliseconds since the Unix epoch; can be set at any time. */
  wallMs: () => number;
  /** Never set back; stands still while the machine is suspended. */
  monotonicMs: () => number;
  /** Milliseconds since the machine started; keeps running while it is suspended. */
  uptimeMs: () => number;
}

/** The clocks of this machine. */
export const machineClocks: SteadyClockSources = {
  wallMs: Date.now,
  monotonicMs,
  uptimeMs: () => uptime() * 1000,
};

/** Differences of uptime and monotonic time below this are rounding. */
const leastSuspensionMs = 2000;

/**
 * The wall-clock time when this process started, plus the time elapsed since. If an operator or NTP sets the wall clock, this clock is
 * unaffected: a leap must not end sessions, expire claims, open or close throttles, or put frames out of order. A restart adopts the wall
 * clock.
 */
export class SteadyClock {
  readonly #sources: SteadyClockSources;
  readonly #startedMs: number;
  readonly #startedMonotonicMs: number;
  readonly #startedUptimeMs: number;

  constructor(sources: SteadyClockSources = machineClocks) {
    this.#sources = sources;
    this.#startedMs = sources.wallMs();
    this.#startedMonotonicMs = sources.monotonicMs();
    this.#startedUptimeMs = sources.uptimeMs();
  }

  /** Milliseconds since the Unix epoch, whole. */
  readonly now = (): number => Math.round(this.#startedMs + this.#passedMs());

  /** How far the wall clock was set ahead (or, negative, back) since this process started, milliseconds. */
  leapMs(): number {
    return Math.round(this.#sources.wallMs() - this.#startedMs - this.#passedMs());
  }

  #passedMs(): number {
    const passedMs = this.#sources.monotonicMs() - this.#startedMonotonicMs;
    const suspendedMs = this.#sources.uptimeMs() - this.#startedUptimeMs - passedMs;
    return suspendedMs >= leastSuspensionMs ? passedMs + suspendedMs : passedMs;
  }
}
