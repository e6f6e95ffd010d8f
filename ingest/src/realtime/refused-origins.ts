import type { Logger } from 'pino';

const periodMs = 600_000;
const maxOrigins = 20;
const maxCharacters = 200;

/**
 * Logs refused web origins, so that an operator who left one out of ALLOWED_ORIGINS can see it. Logs each origin once per ten minutes
 * and at most twenty in that time, because a client can send any origin.
 */
export class RefusedOrigins {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #logged = new Set<string>();
  #sinceMs = -Infinity;

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** @param origin the Origin header. A request without one is not logged. */
  add(origin: string | undefined): void {
    if (origin === undefined) return;
    const nowMs = this.#now();
    if (nowMs - this.#sinceMs >= periodMs) {
      this.#logged.clear();
      this.#sinceMs = nowMs;
    }
    const shown = origin.slice(0, maxCharacters);
    if (this.#logged.has(shown) || this.#logged.size >= maxOrigins) return;
    this.#logged.add(shown);
    this.#log.warn({ event: 'origin.refused', origin: shown });
  }
}
