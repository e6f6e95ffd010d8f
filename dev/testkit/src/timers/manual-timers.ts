import type { Timers } from '@invigil/engine/testing/delivery';

interface Call {
  atMs: number;
  periodMs: number | null;
  run: () => void;
}

/** Runs all pending promise callbacks. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Time that the test advances. */
export class ManualTimers implements Timers {
  #nowMs: number;
  readonly #calls = new Set<Call>();

  constructor(nowMs = 1_800_000_000_000) {
    this.#nowMs = nowMs;
  }

  /** How far the device's clock was set, which does not affect timers. */
  setByMs = 0;

  nowMs(): number {
    return this.#nowMs + this.setByMs;
  }

  steadyMs(): number {
    return this.#nowMs;
  }

  /** Pending calls. */
  get size(): number {
    return this.#calls.size;
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.#nowMs + Math.max(0, delayMs), periodMs: null, run });
  }

  every(periodMs: number, run: () => void): () => void {
    return this.#add({ atMs: this.#nowMs + periodMs, periodMs, run });
  }

  close(): void {
    this.#calls.clear();
  }

  #add(call: Call): () => void {
    this.#calls.add(call);
    return () => this.#calls.delete(call);
  }

  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settle();
    for (;;) {
      let next: Call | null = null;
      for (const call of this.#calls) if (call.atMs <= untilMs && call.atMs < (next?.atMs ?? Infinity)) next = call;
      if (next === null) break;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      if (next.periodMs === null) this.#calls.delete(next);
      else next.atMs += next.periodMs;
      next.run();
      await settle();
    }
    this.#nowMs = untilMs;
    await settle();
  }
}
