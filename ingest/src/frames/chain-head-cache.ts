/** Far more than the sessions of one process; a head that is not known any more costs one more question. */
const maxSessions = 20_000;

/** The last known head of each session's chain. A guess: another replica may have gone on. */
export class ChainHeadCache {
  readonly #heads = new Map<string, string>();

  get(sessionId: string): string | null {
    return this.#heads.get(sessionId) ?? null;
  }

  set(sessionId: string, head: string): void {
    this.#heads.delete(sessionId);
    this.#heads.set(sessionId, head);
    const [oldest] = this.#heads.keys();
    if (this.#heads.size > maxSessions && oldest !== undefined) this.#heads.delete(oldest);
  }

  forget(sessionId: string): void {
    this.#heads.delete(sessionId);
  }
}
