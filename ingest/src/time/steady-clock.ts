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
 * Reading the uptime opens a file, and the clock is read several times for each message. So it is read again only after this time, or
 * at once if the wall clock has moved against monotonic time, as it does in a suspension.
 */
const uptimeEveryMs = 500;

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
  /** As of the last reading of the uptime. */
  #suspendedMs = 0;
  /** Monotonic time of that reading, and the wall clock's distance from monotonic time. */
  #readAtMs = -Infinity;
  #wallAheadMs = 0;

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
    const nowMs = this.#sources.monotonicMs();
    const passedMs = nowMs - this.#startedMonotonicMs;
    const wallAheadMs = this.#sources.wallMs() - nowMs;
    const hasMoved = Math.abs(wallAheadMs - this.#wallAheadMs) >= leastSuspensionMs / 2;
    if (hasMoved || nowMs - this.#readAtMs >= uptimeEveryMs) {
      const suspendedMs = this.#sources.uptimeMs() - this.#startedUptimeMs - passedMs;
      this.#suspendedMs = suspendedMs >= leastSuspensionMs ? suspendedMs : 0;
      this.#readAtMs = nowMs;
      this.#wallAheadMs = wallAheadMs;
    }
    return passedMs + this.#suspendedMs;
  }
}
