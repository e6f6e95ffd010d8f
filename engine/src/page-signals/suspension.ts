import type { Timers } from '../timing/timers.ts';

const tickPeriodMs = 1000;
/** A timer this late means that the page was suspended: frozen, discarded, or the device was asleep. */
export const standstillMs = 5000;

/**
 * Detects that the browser or the device suspended the page, so that the gap is not attributed to the student or the
 * worker.
 */
export class Suspension {
  readonly #timers: Pick<Timers, 'steadyMs'>;
  readonly #listeners = new AbortController();
  readonly #stopTicking: () => void;
  #lastTickMs: number;
  #isSuspended: boolean;

  constructor(timers: Pick<Timers, 'steadyMs' | 'every'>) {
    this.#timers = timers;
    this.#lastTickMs = timers.steadyMs();
    this.#isSuspended = (document as { wasDiscarded?: boolean }).wasDiscarded === true;
    this.#stopTicking = timers.every(tickPeriodMs, () => this.#tick());
    document.addEventListener('freeze', () => (this.#isSuspended = true), { signal: this.#listeners.signal });
  }

  /** Whether the page was suspended since the last call. */
  take(): boolean {
    this.#tick();
    const isSuspended = this.#isSuspended;
    this.#isSuspended = false;
    return isSuspended;
  }

  close(): void {
    this.#listeners.abort();
    this.#stopTicking();
  }

  #tick(): void {
    const nowMs = this.#timers.steadyMs();
    if (nowMs - this.#lastTickMs > standstillMs) this.#isSuspended = true;
    this.#lastTickMs = nowMs;
  }
}
