import type { CameraFrame, FrameSource } from './frame-source.ts';

/** Frames through a video element that is not in the document, for browsers without track processors on the page. */
export class VideoFrameSource implements FrameSource {
  readonly #video: HTMLVideoElement;
  #takenAtS = -1;
  #seenAtS = -1;
  #lastArrivalMs: number | null = null;
  #closed = false;

  constructor(stream: MediaStream) {
    this.#video = document.createElement('video');
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = stream;
    this.#video.play().catch(() => {
      // Interrupted by `close`; a video that does not play has no arrivals, which is noticed.
    });
  }

  /** The element's time moves on with each frame of a stream. */
  get lastArrivalMs(): number | null {
    const { currentTime, readyState } = this.#video;
    if (readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && currentTime !== this.#seenAtS) {
      this.#seenAtS = currentTime;
      this.#lastArrivalMs = performance.now();
    }
    return this.#lastArrivalMs;
  }

  async take(): Promise<CameraFrame | null> {
    if (this.#closed || this.lastArrivalMs === null || this.#seenAtS === this.#takenAtS) return null;
    this.#takenAtS = this.#seenAtS;
    const moment = { wallMs: Date.now(), monotonicMs: performance.now() };
    // The picture can go between the question and the answer (closed, resized, memory); the next one is asked for in any case.
    const image = await createImageBitmap(this.#video).catch(() => null);
    return image === null ? null : { image, ...moment };
  }

  close(): void {
    this.#closed = true;
    this.#video.pause();
    this.#video.srcObject = null;
  }
}
