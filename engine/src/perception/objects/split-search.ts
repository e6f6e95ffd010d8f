/** Called by a search before each run of a model; resolves when the search may go on, perhaps only with the next image. */
export type Rest = () => Promise<void>;

/** For searches that run in one piece. */
export const withoutRest: Rest = () => Promise.resolve();

/**
 * Spreads a search over several images if its models are too slow for one: otherwise the images that come during the
 * search would not be read. Each image runs at least one step, so a search always ends.
 */
export class SplitSearch {
  readonly #limitMs: number;
  readonly #nowMs: () => number;
  #pending: { resume: () => void } | null = null;
  #endTurn: () => void = () => undefined;
  /** When the current image's reading began. */
  #turnFromMs = 0;
  #stepFromMs = 0;
  #longestStepMs = 0;
  #costMs = 0;
  /** Number of the newest search. An abandoned search has an earlier one and never resumes. */
  #newest = 0;

  /** @param limitMs time that reading one image should take at most; `Infinity` never splits. */
  constructor(limitMs: number, nowMs: () => number = () => performance.now()) {
    this.#limitMs = limitMs;
    this.#nowMs = nowMs;
  }

  /** A search waits for the next image. */
  get isPending(): boolean {
    return this.#pending !== null;
  }

  /**
   * Starts a search. Resolves when it has ended, or waits for the next image.
   * @param fromMs when the reading of this image began. @param search must not reject.
   * @param onEnd receives the time that the search took, without the waits.
   */
  begin(fromMs: number, search: (rest: Rest) => Promise<void>, onEnd: (costMs: number) => void): Promise<void> {
    const number = ++this.#newest;
    this.#costMs = 0;
    this.#longestStepMs = 0;
    return this.#turn(fromMs, () => {
      void search(() => this.#rest(number)).then(() => {
        this.#costMs += this.#nowMs() - this.#stepFromMs;
        if (number === this.#newest) onEnd(this.#costMs);
        this.#endTurn();
      });
    });
  }

  /** Continues the pending search. Resolves as `begin` does. @param fromMs when the reading of this image began. */
  async continue(fromMs: number): Promise<void> {
    const pending = this.#pending;
    if (pending === null) return;
    this.#pending = null;
    await this.#turn(fromMs, pending.resume);
  }

  /** Drops the search that is pending, or ends the current one after its step. */
  abandon(): void {
    this.#pending = null;
    this.#newest += 1;
  }

  #turn(fromMs: number, run: () => void): Promise<void> {
    this.#turnFromMs = fromMs;
    this.#stepFromMs = this.#nowMs();
    return new Promise((resolve) => {
      this.#endTurn = resolve;
      run();
    });
  }

  #rest(number: number): Promise<void> {
    const nowMs = this.#nowMs();
    const stepMs = nowMs - this.#stepFromMs;
    this.#costMs += stepMs;
    this.#stepFromMs = nowMs;
    this.#longestStepMs = Math.max(this.#longestStepMs, stepMs);
    const isAbandoned = number !== this.#newest;
    const fits = nowMs - this.#turnFromMs + this.#longestStepMs <= this.#limitMs;
    if (fits && !isAbandoned) return Promise.resolve();
    return new Promise((resume) => {
      if (!isAbandoned) this.#pending = { resume };
      this.#endTurn();
    });
  }
}
