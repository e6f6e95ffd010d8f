import type { CameraFrame } from '../camera/frame-source.ts';
import type { Timers } from '../timing/timers.ts';
import { ThumbnailEncoder } from './thumbnail-encoder.ts';
import { ThumbnailSender, noRequest } from './thumbnail-sender.ts';
import type { ThumbnailRequest } from './thumbnail-sender.ts';
import type { PictureState } from './thumbnail-state.ts';

export interface SessionThumbnailsOptions {
  timers: Timers;
  send: (text: string) => boolean;
  onState: (state: PictureState) => void;
}

/** The small pictures of one sitting, from the camera to the connection. */
export class SessionThumbnails {
  readonly #encoder: ThumbnailEncoder;
  readonly #sender: ThumbnailSender<CameraFrame['image']>;
  #isClosed = false;

  constructor({ timers, send, onState }: SessionThumbnailsOptions) {
    const encoder = new ThumbnailEncoder(timers);
    this.#encoder = encoder;
    this.#sender = new ThumbnailSender({
      copy: (image) => (image instanceof ImageBitmap ? createImageBitmap(image) : image.clone()),
      encode: async (image) => {
        if (!this.#isClosed) return encoder.encode(image);
        // It was still being copied: it neither leaves any more, nor starts a worker that nobody would end.
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

  wish(wish: ThumbnailRequest): void {
    this.#sender.wish(wish);
  }

  offer(image: CameraFrame['image']): void {
    this.#sender.offer(image);
  }

  close(): void {
    this.#isClosed = true;
    this.#sender.wish(noRequest);
    this.#encoder.close();
  }
}
