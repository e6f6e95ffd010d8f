import { bitmapOf } from '../perception/image/bitmap-of.ts';
import type { CameraFrame } from '../camera/frame-source.ts';
import type { Timers } from '../timing/timers.ts';
import { ThumbnailEncoder } from './thumbnail-encoder.ts';
import { ThumbnailSender } from './thumbnail-sender.ts';
import type { ThumbnailMessage, ThumbnailRequest } from './thumbnail-sender.ts';
import type { PictureState } from './thumbnail-state.ts';

export interface SessionThumbnailsOptions {
  timers: Timers;
  send: (message: ThumbnailMessage) => boolean;
  onState: (state: PictureState) => void;
}

/** The thumbnails of one session, from the camera to the connection. */
export class SessionThumbnails {
  readonly #encoder: ThumbnailEncoder;
  readonly #sender: ThumbnailSender<CameraFrame['image']>;
  #isClosed = false;

  constructor({ timers, send, onState }: SessionThumbnailsOptions) {
    const encoder = new ThumbnailEncoder(timers);
    this.#encoder = encoder;
    this.#sender = new ThumbnailSender({
      copy: (image) => (image instanceof ImageBitmap ? bitmapOf(image) : image.clone()),
      encode: async (image) => {
        if (!this.#isClosed) return encoder.encode(image);
        // Closed during the copy: encoding would start a worker that nothing stops.
        image.close();
        return null;
      },
      send,
      nowMs: () => timers.nowMs(),
      onState,
    });
  }

  get state(): PictureState {
    return this.#sender.state;
  }

  /** @param request null when the connection is lost. */
  request(request: ThumbnailRequest | null): void {
    this.#sender.request(request);
  }

  offer(image: CameraFrame['image']): void {
    this.#sender.offer(image);
  }

  close(): void {
    this.#isClosed = true;
    this.#sender.request(null);
    this.#encoder.close();
  }
}
