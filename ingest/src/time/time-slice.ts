import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

/** Lets slices of one event loop run one after the other, with a rest before each. */
export class SlicePace {
  #free: Promise<unknown> = Promise.resolve();

  /** Resolves when the slice may start. The next one may start `lengthMs` and its own rest later. */
  turn({ restMs, lengthMs }: { restMs: number; lengthMs: number }): Promise<unknown> {
    const start = this.#free.then(() => (restMs === 0 ? nextTurn() : delay(restMs)));
    this.#free = start.then(() => delay(lengthMs));
    return start;
  }
}

export interface TimeSliceOptions {
  lengthMs?: number;
  /** Time between two slices as a multiple of the time that the first one took; 0: the next one starts in the next turn. */
  restPerWork?: number;
  /** Default: shared by all slices of the process. Work that clients wait for has its own. */
  pace?: SlicePace;
  monotonicMs?: () => number;
}

/** Well below the maximum event loop delay of 20 ms, so that several pieces of work still fit in one turn. */
const sliceMs = 3;
/** A slice that took longer than this many lengths was interrupted, or waited for something. */
const longestSlices = 2;
const sharedPace = new SlicePace();

/**
 * Bounds how long computations hold the event loop, each of them and all together. Ask after each small step.
 *
 * A small message takes about five turns of the event loop: it is decompressed, read, stored, written to disk and acknowledged. If slices
 * follow each other without a rest, or several run in one turn, it waits for them in each of these turns. With a rest, it usually waits for
 * one.
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
    this.#options = {
      lengthMs: sliceMs,
      restPerWork: 1,
      pace: sharedPace,
      monotonicMs: () => performance.now(),
      ...options,
    };
    this.#startedMs = this.#options.monotonicMs();
  }

  isOver(): boolean {
    return this.#tookMs() >= this.#options.lengthMs;
  }

  /** Call after waiting for I/O, which is not work. */
  resume(): void {
    this.#startedMs = this.#options.monotonicMs();
  }

  /** Resolves in a later turn of the event loop, after pending I/O, the rest and the slices of others that asked before. */
  async next(): Promise<void> {
    const { lengthMs, restPerWork, pace } = this.#options;
    // A machine that slept during a slice must not rest as long again.
    const restMs = Math.min(this.#tookMs(), longestSlices * lengthMs) * restPerWork;
    await pace.turn({ restMs, lengthMs });
    this.resume();
  }

  #tookMs(): number {
    return this.#options.monotonicMs() - this.#startedMs;
  }
}
