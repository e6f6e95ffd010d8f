import type { ServerSessionMessage } from '@invigil/protocol/channels';
import { noThumbnails } from './thumbnail-state.ts';
import type { PictureState } from './thumbnail-state.ts';

/** The server's latest request. */
export type ThumbnailRequest = Pick<Extract<ServerSessionMessage, { type: 'pictures' }>, 'every_ms' | 'now'>;

export interface ThumbnailMessage {
  type: 'picture';
  /** When the image was taken, Unix epoch. */
  timestamp: number;
  /** JPEG in base64. */
  data: string;
  [field: string]: unknown;
}

export interface ThumbnailSenderOptions<Image> {
  /** Copies the image, because the original is read next. */
  copy(image: Image): Image | Promise<Image>;
  /** Takes ownership of the image. @returns a small JPEG in base64, or null if there is none. */
  encode(image: Image): Promise<string | null>;
  /** @returns false if the connection has no room. */
  send(message: ThumbnailMessage): boolean;
  nowMs(): number;
  onState(state: PictureState): void;
}

const noRequest: ThumbnailRequest = { every_ms: null, now: false };

/**
 * Sends thumbnails while the server asks for them. One is processed at a time, and one that cannot be sent at once is dropped:
 * the next one is newer.
 */
export class ThumbnailSender<Image> {
  readonly #options: ThumbnailSenderOptions<Image>;
  #request = noRequest;
  #state = noThumbnails;
  #busy = false;
  #lastMs = -Infinity;

  constructor(options: ThumbnailSenderOptions<Image>) {
    this.#options = options;
  }

  get state(): PictureState {
    return this.#state;
  }

  /** @param request null when the connection is lost: then none are sent. */
  request(request: ThumbnailRequest | null): void {
    this.#request = request ?? noRequest;
    const isWatched = this.#request.every_ms !== null;
    if (isWatched !== this.#state.isWatched) this.#setState({ isWatched });
  }

  /** Sends a thumbnail of this image, if one is due. The caller keeps ownership of the image. */
  offer(image: Image): void {
    const nowMs = this.#options.nowMs();
    const { every_ms, now } = this.#request;
    const isDue = now || (every_ms !== null && nowMs - this.#lastMs >= every_ms);
    if (!isDue || this.#busy) return;
    this.#request = { every_ms, now: false };
    this.#lastMs = nowMs;
    this.#busy = true;
    // The copy begins synchronously, before the caller gives the image away.
    void this.#send(image, nowMs, now).finally(() => (this.#busy = false));
  }

  async #send(image: Image, takenMs: number, wasRequestedNow: boolean): Promise<void> {
    const data = await this.#encoded(image);
    // The proctor may have stopped watching in the meantime.
    if (data === null || (!wasRequestedNow && this.#request.every_ms === null)) return;
    if (!this.#options.send({ type: 'picture', timestamp: takenMs, data })) return;
    this.#setState({ sent: this.#state.sent + 1, lastSentMs: this.#options.nowMs() });
  }

  /** Null if the camera was switched off before the image was copied, or the encoder could not be started. */
  async #encoded(image: Image): Promise<string | null> {
    try {
      return await this.#options.encode(await this.#options.copy(image));
    } catch {
      return null;
    }
  }

  #setState(change: Partial<PictureState>): void {
    this.#state = { ...this.#state, ...change };
    this.#options.onState(this.#state);
  }
}
