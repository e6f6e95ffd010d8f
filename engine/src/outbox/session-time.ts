import type { Moment } from '../timing/moment.ts';
import { RisingClock, leapMs } from '../timing/rising-clock.ts';
import type { FrameStamp } from './client-frame.ts';
import type { Outbox } from './outbox.ts';

/** The server's clock and the device's at the same moment. */
export interface ClockRelation {
  serverMs: number;
  deviceMs: number;
  /** Maximum error of `serverMs`. */
  toleranceMs: number;
}

/** Frames that are held back until the server has confirmed the device's clock. */
interface UnconfirmedFrames {
  fromSeq: number;
  /** Time of the last frame before the held ones. */
  afterMs: number;
  firstMs: number | null;
}

/**
 * Times of frames: the device's clock while it agrees with the server's, corrected otherwise. At the start, and after the
 * device's clock jumped forward, frames are held back until the clocks have been compared, so that wrong times can be corrected
 * before anyone has seen them.
 */
export class SessionTime {
  readonly #outbox: Outbox;
  readonly #clock: RisingClock;
  #unconfirmed: UnconfirmedFrames | null;

  constructor(outbox: Outbox, monotonicMs: number) {
    this.#outbox = outbox;
    this.#clock = new RisingClock(outbox.lastTimestampMs, monotonicMs);
    // The connection sends nothing before the server's welcome, so these frames need not be held back.
    this.#unconfirmed = { fromSeq: outbox.nextSeq, afterMs: outbox.lastTimestampMs, firstMs: null };
  }

  /** Added to the device's clock, whole milliseconds. */
  get correctionMs(): number {
    return Math.round(this.#clock.correctionMs);
  }

  /** The stamp of the next frame. `isUnconfirmed`: the device's clock jumped; ask the server for its time. */
  stamp({ wallMs, monotonicMs }: Moment): FrameStamp & { isUnconfirmed: boolean } {
    const { lastTimestampMs: afterMs, nextSeq: seq } = this.#outbox;
    const timestampMs = this.#clock.at(wallMs, monotonicMs);
    const isUnconfirmed = this.#unconfirmed === null && this.#clock.hasLeapt;
    if (isUnconfirmed) {
      this.#unconfirmed = { fromSeq: seq, afterMs, firstMs: null };
      this.#outbox.holdFrom(seq);
    }
    if (this.#unconfirmed !== null) this.#unconfirmed.firstMs ??= timestampMs;
    return { seq, timestampMs, correctionMs: this.correctionMs, isUnconfirmed };
  }

  /**
   * Corrects the clock and the frames held back. @param relation null if the server did not report its time. Resolves,
   * once the held frames may be sent, with the error of their times, milliseconds; 0 if they were right.
   */
  async relate(relation: ClockRelation | null): Promise<number> {
    const unconfirmed = this.#unconfirmed;
    this.#unconfirmed = null;
    const { serverMs, deviceMs, toleranceMs } = relation ?? { serverMs: 0, deviceMs: 0, toleranceMs: Infinity };
    const errorMs = Math.round(serverMs - deviceMs - this.#clock.correctionMs);
    if (Math.abs(errorMs) <= leapMs + toleranceMs) {
      this.#clock.correct(0, 0);
      this.#outbox.holdFrom(null);
      return 0;
    }
    const firstMs = unconfirmed?.firstMs ?? null;
    // Earlier frames have been sent, and times must keep rising.
    const movedMs = unconfirmed === null || firstMs === null ? 0 : Math.max(errorMs, unconfirmed.afterMs + 1 - firstMs);
    this.#clock.correct(errorMs, movedMs);
    if (unconfirmed !== null && movedMs !== 0) await this.#outbox.shiftTimestamps(unconfirmed.fromSeq, movedMs);
    // The clock may have jumped again in the meantime.
    if (this.#unconfirmed === null) this.#outbox.holdFrom(null);
    return errorMs;
  }
}
