/** What `LatestOnlyQueue` sends over. */
export interface NewestWinsTarget {
  readonly bufferedBytes: number;
  send(message: object, left?: () => void): void;
}

/**
 * Sends at once while the client keeps up. While it does not, only the newest message of each key waits, so that a slow client
 * sees the present late and not the past later, and costs no more memory than it has keys.
 */
export class LatestOnlyQueue {
  readonly #target: NewestWinsTarget;
  readonly #maxBufferedBytes: number;
  readonly #onReplaced: () => void;
  readonly #waiting = new Map<string, object>();

  /** @param onReplaced called for each message that had to give way to a newer one. */
  constructor(target: NewestWinsTarget, maxBufferedBytes: number, onReplaced: () => void) {
    this.#target = target;
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#onReplaced = onReplaced;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  offer(key: string, message: object): void {
    if (this.#waiting.size === 0 && this.#target.bufferedBytes < this.#maxBufferedBytes) return this.#send(message);
    if (this.#waiting.delete(key)) this.#onReplaced();
    this.#waiting.set(key, message);
    // What is still to leave sends the rest when it has; when nothing is, nothing would.
    if (this.#target.bufferedBytes === 0) this.#flush();
  }

  /** Nothing of this key is wanted any more. */
  forget(key: string): void {
    this.#waiting.delete(key);
  }

  #send(message: object): void {
    this.#target.send(message, () => this.#flush());
  }

  #flush(): void {
    for (const [key, message] of this.#waiting) {
      if (this.#target.bufferedBytes >= this.#maxBufferedBytes) return;
      this.#waiting.delete(key);
      this.#send(message);
    }
  }
}
