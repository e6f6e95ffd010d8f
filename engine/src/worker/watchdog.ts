/** A longer step means that the page itself was suspended; the rest of it does not count. */
const stepMs = 1000;

type After = (delayMs: number, run: () => void) => () => void;

/**
 * Calls `onExpired` after a limit in which this page ran. Time in which the browser had frozen the page, or the device
 * was asleep, says nothing about the worker.
 *
 * One timer serves many short waits, because each timer costs two messages between threads: a step that was already
 * running when a wait began does not count, so a wait may last up to one step longer than its limit.
 */
export class Watchdog {
  readonly #after: After;
  #wait: { leftMs: number; onExpired: () => void } | null = null;
  #cancelStep: (() => void) | null = null;
  #isStepShared = false;

  constructor(after: After) {
    this.#after = after;
  }

  /** Begins a wait that replaces the previous one. */
  start(limitMs: number, onExpired: () => void): void {
    this.#wait = { leftMs: limitMs, onExpired };
    this.#isStepShared = this.#cancelStep !== null;
    if (!this.#isStepShared) this.#step(limitMs);
  }

  /** Ends the wait. */
  stop(): void {
    this.#wait = null;
  }

  close(): void {
    this.stop();
    this.#cancelStep?.();
    this.#cancelStep = null;
  }

  #step(leftMs: number): void {
    const durationMs = Math.min(stepMs, leftMs);
    this.#cancelStep = this.#after(durationMs, () => this.#ended(durationMs));
  }

  #ended(durationMs: number): void {
    this.#cancelStep = null;
    const wait = this.#wait;
    if (wait === null) return;
    if (!this.#isStepShared) wait.leftMs -= durationMs;
    this.#isStepShared = false;
    if (wait.leftMs > 0) return this.#step(wait.leftMs);
    this.#wait = null;
    wait.onExpired();
  }
}
