/** Runs an attempt once for all callers, and again for the first caller after it has failed or was reset. */
export class RetryableOnce<T> {
  #result: Promise<T> | null = null;
  readonly #attempt: () => Promise<T>;

  constructor(attempt: () => Promise<T>) {
    this.#attempt = attempt;
  }

  run(): Promise<T> {
    const result = this.#result ?? this.#attempt();
    this.#result = result;
    result.catch(() => {
      if (this.#result === result) this.#result = null;
    });
    return result;
  }

  reset(): void {
    this.#result = null;
  }
}
