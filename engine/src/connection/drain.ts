import type { Timers } from '../timing/timers.ts';

/** The time limit for sending the pending frames before the end. */
export class Drain {
  readonly untilMs: number;
  /** Resolves when `finish` is called, or at the limit. */
  readonly finished: Promise<void>;
  readonly #resolve: () => void;
  readonly #cancel: () => void;

  /** @param untilMs Unix epoch. */
  constructor(timers: Pick<Timers, 'nowMs' | 'after'>, untilMs: number) {
    let finish = (): void => undefined;
    this.finished = new Promise((resolve) => (finish = resolve));
    this.untilMs = untilMs;
    this.#resolve = finish;
    this.#cancel = timers.after(Math.max(0, untilMs - timers.nowMs()), finish);
  }

  finish(): void {
    this.#cancel();
    this.#resolve();
  }
}
