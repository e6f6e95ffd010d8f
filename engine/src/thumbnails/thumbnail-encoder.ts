import { limits } from '@invigil/protocol/frame';
import { pictureMaxSidePx } from '@invigil/protocol/channels';
import type { Timers } from '../timing/timers.ts';
import type { EncodedThumbnail, EncodeRequest } from './thumbnail-worker.ts';

/** A worker that does not answer within this time is replaced; the image has no thumbnail then. */
const answerWithinMs = 5000;

/** Encodes thumbnails one at a time, in a worker that the first one starts. */
export class ThumbnailEncoder {
  readonly #timers: Pick<Timers, 'after'>;
  #worker: Worker | null = null;
  #settle: (answer: EncodedThumbnail) => void = () => undefined;

  constructor(timers: Pick<Timers, 'after'>) {
    this.#timers = timers;
  }

  /** Takes ownership of the image. @returns the JPEG in base64, or null if it could not be made. */
  async encode(image: EncodeRequest['image']): Promise<string | null> {
    this.#worker ??= this.#start();
    const request: EncodeRequest = { image, maxSidePx: pictureMaxSidePx, maxBytes: limits.pictureBytes };
    this.#worker.postMessage(request, [image]);
    let cancel = (): void => undefined;
    const answer = await new Promise<EncodedThumbnail>((resolve) => {
      this.#settle = resolve;
      cancel = this.#timers.after(answerWithinMs, () => this.close());
    });
    cancel();
    return answer;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.#settle(null);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./thumbnail-worker.ts', import.meta.url), {
      type: 'module',
      name: 'invigil-thumbnail',
    });
    worker.addEventListener('message', ({ data }: MessageEvent<EncodedThumbnail>) => {
      if (worker === this.#worker) this.#settle(data);
    });
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.close();
    });
    return worker;
  }
}
