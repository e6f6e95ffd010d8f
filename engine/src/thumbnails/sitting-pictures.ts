import type { CameraFrame } from '../camera/frame-source.ts';
import type { Timers } from '../timing/timers.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { PictureSender, noWish } from './picture-sender.ts';
import type { PictureWish } from './picture-sender.ts';
import type { PictureState } from './picture-state.ts';

export interface SittingPicturesParts {
  timers: Timers;
  send: (text: string) => boolean;
  onState: (state: PictureState) => void;
}

/** The small pictures of one sitting, from the camera to the connection. */
export class SittingPictures {
  readonly #encoder: PictureEncoder;
  readonly #sender: PictureSender<CameraFrame['image']>;
  #isClosed = false;

  constructor({ timers, send, onState }: SittingPicturesParts) {
    const encoder = new PictureEncoder(timers);
    this.#encoder = encoder;
    this.#sender = new PictureSender({
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

  wish(wish: PictureWish): void {
    this.#sender.wish(wish);
  }

  offer(image: CameraFrame['image']): void {
    this.#sender.offer(image);
  }

  close(): void {
    this.#isClosed = true;
    this.#sender.wish(noWish);
    this.#encoder.close();
  }
}
