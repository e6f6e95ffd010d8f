import type { Outbox } from './outbox.ts';
import { RisingClock, leapMs } from '../timing/rising-clock.ts';

/** The server's clock and the device's at the same moment. */
export interface ClockRelation {
  serverMs: number;
  deviceMs: number;
  /** How far off that may be. */
  toleranceMs: number;
}

/** Frames whose times wait for the server's word. */
interface Doubt {
  fromSeq: number;
  /** The last moment that is certain. */
  afterMs: number;
  firstMs: number | null;
}

/**
 * The times of frames: the device's clock as long as it agrees with the server's, corrected where it does not. In doubt (at the
 * beginning, and after the device's clock leapt forward) frames are held back until the clocks are related; those of the wrong
 * time are then moved, before anybody has seen them.
 */
export class SessionTime {
  readonly #outbox: Outbox;
  readonly #clock: RisingClock;
  #doubt: Doubt | null;

  constructor(outbox: Outbox, monotonicMs: number) {
    this.#outbox = outbox;
    this.#clock = new RisingClock(outbox.lastTimestampMs, monotonicMs);
    // Nothing is sent before the server's first word, so these need no holding.
    this.#doubt = { fromSeq: outbox.nextSeq, afterMs: outbox.lastTimestampMs, firstMs: null };
  }

  /** What was added to the device's clock, whole milliseconds. */
  get correctionMs(): number {
    return Math.round(this.#clock.correctionMs);
  }

  /** The time of the next frame. `isDoubtful`: it would be good to hear from the server soon. */
  stamp(wallMs: number, monotonicMs: number): { timestampMs: number; isDoubtful: boolean } {
    const afterMs = this.#outbox.lastTimestampMs;
    const timestampMs = this.#clock.at(wallMs, monotonicMs);
    const isDoubtful = this.#doubt === null && this.#clock.hasLeapt;
    if (isDoubtful) {
      this.#doubt = { fromSeq: this.#outbox.nextSeq, afterMs, firstMs: null };
      this.#outbox.holdFrom(this.#outbox.nextSeq);
    }
    if (this.#doubt !== null) this.#doubt.firstMs ??= timestampMs;
    return { timestampMs, isDoubtful };
  }

  /**
   * The clocks were related; null when the server could not say. Resolves, when what was held back may go, with how far the times
   * had been wrong; 0 where they were right.
   */
  async related(relation: ClockRelation | null): Promise<number> {
    const doubt = this.#doubt;
    this.#doubt = null;
    const { serverMs, deviceMs, toleranceMs } = relation ?? { serverMs: 0, deviceMs: 0, toleranceMs: Infinity };
    const wrongMs = Math.round(serverMs - deviceMs - this.#clock.correctionMs);
    if (Math.abs(wrongMs) <= leapMs + toleranceMs) {
      this.#clock.correct(0, 0);
      this.#outbox.holdFrom(null);
      return 0;
    }
    const firstMs = doubt?.firstMs ?? null;
    // Frames before those in doubt have gone out, and times always rise.
    const movedMs = doubt === null || firstMs === null ? 0 : Math.max(wrongMs, doubt.afterMs + 1 - firstMs);
    this.#clock.correct(wrongMs, movedMs);
    if (doubt !== null && movedMs !== 0) await this.#outbox.retime(doubt.fromSeq, movedMs);
    // A new doubt may have come up meanwhile.
    if (this.#doubt === null) this.#outbox.holdFrom(null);
    return wrongMs;
  }
}
