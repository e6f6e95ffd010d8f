import type { Timers } from '../timing/timers.ts';

/** If the server asks for a longer pause, the client still retries after this. */
const maxPauseMs = 60_000;

/** The pause that this client makes when the server asks for `durationMs`. */
export const limitedPauseMs = (durationMs: number): number => Math.min(maxPauseMs, Math.max(0, durationMs));

/** How long the server has asked this client to send nothing. Measured on the steady clock. */
export class SendPause {
  readonly #timers: Pick<Timers, 'nowMs' | 'steadyMs'>;
  #untilMs = -Infinity;

  constructor(timers: Pick<Timers, 'nowMs' | 'steadyMs'>) {
    this.#timers = timers;
  }

  get leftMs(): number {
    return Math.max(0, this.#untilMs - this.#timers.steadyMs());
  }

  /** Unix epoch; null while there is no pause. */
  get endsAtMs(): number | null {
    return this.leftMs > 0 ? this.#timers.nowMs() + this.leftMs : null;
  }

  begin(durationMs: number): void {
    this.#untilMs = this.#timers.steadyMs() + limitedPauseMs(durationMs);
  }

  end(): void {
    this.#untilMs = -Infinity;
  }
}
