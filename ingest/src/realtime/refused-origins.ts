import type { Logger } from 'pino';

const everyMs = 600_000;
const mostOrigins = 20;
const mostCharacters = 200;

/**
 * Says which web origins were turned away, for whoever forgot one in ALLOWED_ORIGINS: each once in ten minutes, and no more than
 * twenty in that time, because anybody can invent them.
 */
export class RefusedOrigins {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #said = new Set<string>();
  #sinceMs = -Infinity;

  constructor(log: Logger, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** @param origin as the browser named it; undefined, from programs that name none, is not said */
  add(origin: string | undefined): void {
    if (origin === undefined) return;
    const nowMs = this.#now();
    if (nowMs - this.#sinceMs >= everyMs) {
      this.#said.clear();
      this.#sinceMs = nowMs;
    }
    const shown = origin.slice(0, mostCharacters);
    if (this.#said.has(shown) || this.#said.size >= mostOrigins) return;
    this.#said.add(shown);
    this.#log.warn({ event: 'origin.refused', origin: shown });
  }
}
