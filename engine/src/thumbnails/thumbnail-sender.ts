import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { noThumbnails } from './thumbnail-state.ts';
import type { PictureState } from './thumbnail-state.ts';

/** What the server asked for last. */
export type ThumbnailRequest = Pick<Extract<ServerSessionMessage, { type: 'pictures' }>, 'every_ms' | 'now'>;

export const noRequest: ThumbnailRequest = { every_ms: null, now: false };

export interface ThumbnailSenderOptions<Image> {
  /** A copy, because the image itself goes on to be read. */
  copy(image: Image): Image | Promise<Image>;
  /** Takes the image over. @returns a small JPEG in base64, null where there is none. */
  encode(image: Image): Promise<string | null>;
  /** @returns false where there is no room on the connection. */
  send(text: string): boolean;
  nowMs(): number;
  onState(state: PictureState): void;
}

/**
 * Sends small pictures while the server asks for them, and none otherwise. One is in work at a time; one that cannot leave at once is
 * dropped: the next one is newer.
 */
export class ThumbnailSender<Image> {
  readonly #parts: ThumbnailSenderOptions<Image>;
  #wish = noRequest;
  #state = noThumbnails;
  #busy = false;
  #lastMs = -Infinity;

  constructor(parts: ThumbnailSenderOptions<Image>) {
    this.#parts = parts;
  }

  get state(): PictureState {
    return this.#state;
  }

  /** Said by the server; also what is left when the connection is lost: nothing. */
  wish(wish: ThumbnailRequest): void {
    this.#wish = wish;
    const isWatched = wish.every_ms !== null;
    if (isWatched !== this.#state.isWatched) this.#setState({ isWatched });
  }

  /** A picture that is about to be read. */
  offer(image: Image): void {
    const nowMs = this.#parts.nowMs();
    const { every_ms, now } = this.#wish;
    const isDue = now || (every_ms !== null && nowMs - this.#lastMs >= every_ms);
    if (!isDue || this.#busy) return;
    this.#wish = { every_ms, now: false };
    this.#lastMs = nowMs;
    this.#busy = true;
    // The copy is begun before the image goes away.
    void this.#send(image, nowMs, now).finally(() => (this.#busy = false));
  }

  async #send(image: Image, takenMs: number, wasAsked: boolean): Promise<void> {
    const data = await this.#encoded(image);
    // Nobody may be watching any more.
    if (data === null || (!wasAsked && this.#wish.every_ms === null)) return;
    if (!this.#parts.send(JSON.stringify({ type: 'picture', timestamp: takenMs, data }))) return;
    this.#setState({ sent: this.#state.sent + 1, lastSentMs: this.#parts.nowMs() });
  }

  /** Null where a camera that was switched off in this moment left nothing to copy, or no worker could be started. */
  async #encoded(image: Image): Promise<string | null> {
    try {
      return await this.#parts.encode(await this.#parts.copy(image));
    } catch {
      return null;
    }
  }

  #setState(change: Partial<PictureState>): void {
    this.#state = { ...this.#state, ...change };
    this.#parts.onState(this.#state);
  }
}
