/** Runs attempts one after the other: preparing, checking, calibrating and starting exclude each other. */
export class AttemptQueue {
  #last: Promise<unknown> = Promise.resolve();

  /** Resolves, never rejects, when all attempts so far have ended. */
  get settled(): Promise<unknown> {
    return this.#last;
  }

  run<T>(attempt: () => Promise<T>): Promise<T> {
    const result = this.#last.then(attempt);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
