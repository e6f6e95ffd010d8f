import type { Timers } from './timers.ts';

/** Timers that are cancelled together. */
export class TimerSet {
  readonly #timers: Pick<Timers, 'after' | 'every'>;
  #cancels: (() => void)[] = [];

  constructor(timers: Pick<Timers, 'after' | 'every'>) {
    this.#timers = timers;
  }

  after(delayMs: number, run: () => void): void {
    this.#cancels.push(this.#timers.after(delayMs, run));
  }

  every(periodMs: number, run: () => void): void {
    this.#cancels.push(this.#timers.every(periodMs, run));
  }

  cancelAll(): void {
    for (const cancel of this.#cancels.splice(0)) cancel();
  }
}
