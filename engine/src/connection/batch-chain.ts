import { linkText } from '@invigil/protocol/frame';
import type { ClientFrame } from '../outbox/client-frame.ts';
import type { Digest } from './sha256.ts';

/**
 * The client's side of the hash chain: it predicts the head with each batch and takes the server's head from each acknowledgement.
 * If they differ (the server had some frames already, or a response was lost), it continues from the server's head once nothing is
 * in flight; until then batches carry no prediction, which the server does not need.
 */
export class BatchChain {
  readonly #digest: Digest;
  /** The server's last head. */
  #head: string | null = null;
  /** The head once everything in flight has arrived; null while unknown. */
  #expected: string | null = null;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  get head(): string | null {
    return this.#head;
  }

  /** @param head the server's, with nothing in flight. */
  begin(head: string | null): void {
    this.#head = head;
    this.#expected = head;
  }

  acknowledged(head: string | null, isNothingInFlight: boolean): void {
    this.#head = head;
    if (isNothingInFlight) this.#expected = head;
  }

  /** Batches in flight may or may not arrive. */
  interrupted(): void {
    this.#expected = this.#head;
  }

  /**
   * The head after these frames, which are sent next; null if it cannot be predicted. @param frames by rising number.
   */
  async extend(frames: readonly ClientFrame[]): Promise<string | null> {
    const previous = this.#expected;
    if (previous === null) return null;
    const link = await this.#digest(linkText(previous, frames));
    // An acknowledgement may have changed it in the meantime.
    if (previous !== this.#expected) return null;
    this.#expected = link;
    return link;
  }
}
