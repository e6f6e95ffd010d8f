import type { Logger } from 'pino';

const everyMs = 30_000;

/** Logs each kind of outage at most every 30 s: an unavailable store fails many requests a second. */
export class OutageLog {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #loggedMs = new Map<string, number>();

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** @param entry `event` is one of a few stable names; `error` is the first failure's */
  warn(entry: { event: string; error: unknown }): void {
    const nowMs = this.#now();
    if (nowMs - (this.#loggedMs.get(entry.event) ?? -Infinity) < everyMs) return;
    this.#loggedMs.set(entry.event, nowMs);
    this.#log.warn(entry);
  }
}
