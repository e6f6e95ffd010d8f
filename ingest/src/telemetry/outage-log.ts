import type { Logger } from 'pino';

const everyMs = 30_000;

/** Says once in a while that something does not work: a store that is away fails everything, many times a second. */
export class OutageLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #saidMs = new Map<string, number>();

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** @param said `event` is one of a few stable names; `error` is that of the first failure. */
  warn(said: { event: string; error: unknown }): void {
    const nowMs = this.#now();
    if (nowMs - (this.#saidMs.get(said.event) ?? -Infinity) < everyMs) return;
    this.#saidMs.set(said.event, nowMs);
    this.#log.warn(said);
  }
}
