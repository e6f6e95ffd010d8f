import { linkText } from '@invigil/protocol/frame';
import type { FeatureFrame } from '@invigil/protocol/frame';
import type { FrameToSend } from '../outbox/outbox.ts';
import type { Digest } from './sha256.ts';

/**
 * The client's side of the chain: says with each batch what the head is going to be, and hears from each acknowledgement what it
 * is. Where they differ (frames that the server had already, an answer that was lost) it goes on from the server's head as soon
 * as nothing is on its way; until then batches go without a claim, which the server's chain does not need.
 */
export class BatchChain {
  readonly #digest: Digest;
  /** As the server last said. */
  #head: string | null = null;
  /** After everything that is on its way; null while that is not known. */
  #expected: string | null = null;

  constructor(digest: Digest) {
    this.#digest = digest;
  }

  get head(): string | null {
    return this.#head;
  }

  /** What the server says, with nothing on its way. */
  begin(head: string | null): void {
    this.#head = head;
    this.#expected = head;
  }

  /** @param isQuiet nothing is on its way any more. */
  acknowledged(head: string | null, isQuiet: boolean): void {
    this.#head = head;
    if (isQuiet) this.#expected = head;
  }

  /** What was on its way may or may not arrive. */
  interrupted(): void {
    this.#expected = this.#head;
  }

  /** The head after these frames, which are sent next; null where it cannot be said. @param frames by rising number. */
  async extend(frames: readonly FrameToSend[]): Promise<string | null> {
    const previous = this.#expected;
    if (previous === null) return null;
    const contents = frames.map(({ json }) => JSON.parse(json) as FeatureFrame);
    const link = await this.#digest(linkText(previous, contents));
    // An acknowledgement may have changed the ground meanwhile.
    if (previous !== this.#expected) return null;
    this.#expected = link;
    return link;
  }
}
