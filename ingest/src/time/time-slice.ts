import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

export interface TimeSliceOptions {
  lengthMs?: number;
  /** Time between two slices as a multiple of the time that the first one took; 0: the next one starts in the next turn. */
  restPerWork?: number;
  monotonicMs?: () => number;
}

/** Well below the maximum event loop delay of 20 ms, so that several pieces of work still fit in one turn. */
const sliceMs = 4;
/** A slice that took longer than this many lengths was interrupted. */
const longestSlices = 5;

/**
 * Bounds how long a computation holds the event loop. Ask after each small step.
 *
 * A small message takes about five turns of the event loop: it is decompressed, read, stored, written to disk and acknowledged. If slices
 * follow each other without a rest, it waits for one of them in each of these turns. With a rest, it usually waits for one.
 *
 * @example
 * const slice = new TimeSlice();
 * for (const frame of frames) {
 *   step(frame);
 *   if (slice.isOver()) await slice.next();
 * }
 */
export class TimeSlice {
  readonly #options: Required<TimeSliceOptions>;
  #startedMs: number;

  constructor(options: TimeSliceOptions = {}) {
    this.#options = { lengthMs: sliceMs, restPerWork: 0, monotonicMs: () => performance.now(), ...options };
    this.#startedMs = this.#options.monotonicMs();
  }

  isOver(): boolean {
    return this.#tookMs() >= this.#options.lengthMs;
  }

  /** Resolves in a later turn of the event loop, after pending I/O and the rest. */
  async next(): Promise<void> {
    const { lengthMs, restPerWork, monotonicMs } = this.#options;
    if (restPerWork === 0) await nextTurn();
    // A machine that slept during a slice must not rest as long again.
    else await delay(Math.min(this.#tookMs(), longestSlices * lengthMs) * restPerWork);
    this.#startedMs = monotonicMs();
  }

  #tookMs(): number {
    return this.#options.monotonicMs() - this.#startedMs;
  }
}
