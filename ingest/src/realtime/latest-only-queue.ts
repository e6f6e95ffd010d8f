/** The connection that `LatestOnlyQueue` sends over. */
export interface LatestOnlyTarget {
  readonly bufferedBytes: number;
  /** @param onSent called when the message has left for the client, or the connection is closed. */
  send(message: object, onSent?: () => void): void;
}

/**
 * Sends at once while the client keeps up. While it does not, keeps only the newest message of each key, so that a slow client skips
 * messages instead of falling further behind, and memory is bounded by the number of keys.
 */
export class LatestOnlyQueue {
  readonly #target: LatestOnlyTarget;
  readonly #maxBufferedBytes: number;
  readonly #onReplaced: () => void;
  readonly #waiting = new Map<string, object>();

  /** @param onReplaced called for each message that a newer one replaced before it was sent. */
  constructor(target: LatestOnlyTarget, maxBufferedBytes: number, onReplaced: () => void) {
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
    // The pending send's callback flushes the queue; if nothing is pending, flush now.
    if (this.#target.bufferedBytes === 0) this.#flush();
  }

  /** Drops the pending message of this key. */
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
