import type { ClockRelation } from '../outbox/session-time.ts';
import type { Timers } from '../timing/timers.ts';

/** Asks the server for its time and compares the clocks, with half of the round trip as tolerance. */
export class ClockQuery {
  readonly #timers: Pick<Timers, 'nowMs' | 'steadyMs'>;
  readonly #onRelated: (relation: ClockRelation | null) => Promise<void>;
  /** On the steady clock; null while no answer is expected. */
  #askedMs: number | null = null;
  #offsetMs: number | null = null;

  constructor(
    timers: Pick<Timers, 'nowMs' | 'steadyMs'>,
    onRelated: (relation: ClockRelation | null) => Promise<void>,
  ) {
    this.#timers = timers;
    this.#onRelated = onRelated;
  }

  /** Server clock minus device clock as of the last answer, milliseconds; null before the first. */
  get offsetMs(): number | null {
    return this.#offsetMs;
  }

  /** Call when the ping is sent. An earlier ping that is still unanswered keeps its time. */
  ask(): void {
    this.#askedMs ??= this.#timers.steadyMs();
  }

  cancel(): void {
    this.#askedMs = null;
  }

  /** @param serverTimeMs Unix epoch; NaN if the server did not state it. */
  async answer(serverTimeMs: number): Promise<void> {
    if (this.#askedMs === null) return;
    const deviceMs = this.#timers.nowMs();
    const roundTripMs = this.#timers.steadyMs() - this.#askedMs;
    this.#askedMs = null;
    if (!Number.isFinite(serverTimeMs)) return this.#onRelated(null);
    const serverMs = serverTimeMs + roundTripMs / 2;
    this.#offsetMs = Math.round(serverMs - deviceMs);
    await this.#onRelated({ serverMs, deviceMs, toleranceMs: roundTripMs / 2 });
  }
}
