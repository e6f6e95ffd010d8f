export interface CoalescedWorkOptions {
  work: (key: string) => Promise<void>;
  /** Whether work that failed is still needed: then it is repeated. */
  isNeeded: (key: string) => boolean;
  onError: (error: unknown) => void;
}

const retryMs = 5000;

/**
 * Repeats work by key, such as reading a state again: one run at a time for each key, and all requests during a run share the next one. A run
 * that fails is repeated after a while.
 */
export class CoalescedWork {
  readonly #options: CoalescedWorkOptions;
  /** Running keys, and whether each was requested again. */
  readonly #again = new Map<string, boolean>();
  readonly #retries = new Map<string, NodeJS.Timeout>();

  constructor(options: CoalescedWorkOptions) {
    this.#options = options;
  }

  /** The work begins after this call. */
  request(key: string): void {
    clearTimeout(this.#retries.get(key));
    this.#retries.delete(key);
    if (this.#again.has(key)) this.#again.set(key, true);
    else void this.#run(key);
  }

  async #run(key: string): Promise<void> {
    let hasFailed: boolean;
    do {
      this.#again.set(key, false);
      hasFailed = await this.#fails(key);
    } while (this.#again.get(key) === true);
    this.#again.delete(key);
    if (hasFailed) this.#retries.set(key, setTimeout(() => this.#retry(key), retryMs).unref());
  }

  async #fails(key: string): Promise<boolean> {
    try {
      await this.#options.work(key);
      return false;
    } catch (error) {
      this.#options.onError(error);
      return true;
    }
  }

  #retry(key: string): void {
    this.#retries.delete(key);
    if (this.#options.isNeeded(key)) this.request(key);
  }
}
