/**
 * Repeats work by key, such as reading a state again: one run at a time for each key, and all requests during a run share the next one.
 */
export class CoalescedWork {
  readonly #work: (key: string) => Promise<void>;
  readonly #onError: (error: unknown) => void;
  /** Running keys, and whether each was requested again. */
  readonly #again = new Map<string, boolean>();

  constructor(work: (key: string) => Promise<void>, onError: (error: unknown) => void) {
    this.#work = work;
    this.#onError = onError;
  }

  /** The work begins after this call. */
  request(key: string): void {
    if (this.#again.has(key)) this.#again.set(key, true);
    else void this.#run(key);
  }

  async #run(key: string): Promise<void> {
    do {
      this.#again.set(key, false);
      await this.#work(key).catch(this.#onError);
    } while (this.#again.get(key) === true);
    this.#again.delete(key);
  }
}
