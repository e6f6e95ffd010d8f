export interface ThrottledNotifierOptions {
  intervalMs: number;
  now: () => number;
  onError: (error: unknown) => void;
}

/**
 * Tells of something that changes often at most once in an interval, and in the end always of its last state: what comes too soon
 * is told when the interval is over. The records decide between the replicas who may tell.
 */
export class ThrottledNotifier {
  readonly #options: ThrottledNotifierOptions;
  readonly #later = new Map<string, NodeJS.Timeout>();

  constructor(options: ThrottledNotifierOptions) {
    this.#options = options;
  }

  /**
   * @param claim whether it may be told now: nobody told of it after `sinceAt`.
   * @param send reads the state and tells of it.
   * @param nowMs when it happened, if that has been noted already.
   */
  async tell(
    key: string,
    claim: (at: string, sinceAt: string) => Promise<boolean>,
    send: () => Promise<void>,
    nowMs = this.#options.now(),
  ): Promise<void> {
    if (this.#later.has(key)) return;
    const { intervalMs, onError } = this.#options;
    if (await claim(new Date(nowMs).toISOString(), new Date(nowMs - intervalMs).toISOString())) return send();
    if (this.#later.has(key)) return;
    const timer = setTimeout(() => {
      this.#later.delete(key);
      this.tell(key, claim, send).catch(onError);
    }, intervalMs).unref();
    this.#later.set(key, timer);
  }

  close(): void {
    for (const timer of this.#later.values()) clearTimeout(timer);
    this.#later.clear();
  }
}
