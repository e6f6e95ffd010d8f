import { setImmediate as nextTurn } from 'node:timers/promises';

/** Well below the maximum event loop delay of 20 ms, so that two pieces of work still fit in one turn. */
const sliceMs = 8;

/**
 * Bounds how long a computation holds the event loop. Ask after each small step.
 *
 * @example
 * const slice = new TimeSlice();
 * for (const frame of frames) {
 *   step(frame);
 *   if (slice.isOver()) await slice.next();
 * }
 */
export class TimeSlice {
  readonly #lengthMs: number;
  readonly #monotonicMs: () => number;
  #startedMs: number;

  constructor(lengthMs = sliceMs, monotonicMs: () => number = () => performance.now()) {
    this.#lengthMs = lengthMs;
    this.#monotonicMs = monotonicMs;
    this.#startedMs = monotonicMs();
  }

  isOver(): boolean {
    return this.#monotonicMs() - this.#startedMs >= this.#lengthMs;
  }

  /** Resolves in a later turn of the event loop, after pending I/O. */
  async next(): Promise<void> {
    await nextTurn();
    this.#startedMs = this.#monotonicMs();
  }
}
