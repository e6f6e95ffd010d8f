import { bitmapOf } from '../perception/image/bitmap-of.ts';
import type { CameraFrame, FrameSource } from './frame-source.ts';

/** A video that pauses again within this time is left to the camera, which notices that no frames arrive. */
const leastPlayingMs = 1000;
const touches = ['pointerdown', 'touchend', 'click', 'keydown'] as const;

/** Frames through a video element that is not in the document, for browsers without track processors on the page. */
export class VideoFrameSource implements FrameSource {
  readonly #video: HTMLVideoElement;
  readonly #listeners = new AbortController();
  #takenAtS = -1;
  #seenAtS = -1;
  #lastArrivalMs: number | null = null;
  #needsTouch = false;
  #playedMs = -Infinity;

  constructor(stream: MediaStream) {
    this.#video = document.createElement('video');
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.srcObject = stream;
    // Phones pause it without asking, for example for a call or when another app plays a sound.
    const playAgain = (): void => {
      if (performance.now() - this.#playedMs > leastPlayingMs) this.#play();
    };
    this.#video.addEventListener('pause', playAgain, { signal: this.#listeners.signal });
    this.#play();
  }

  get needsTouch(): boolean {
    return this.#needsTouch;
  }

  /** The element's time advances with each frame of a stream. */
  get lastArrivalMs(): number | null {
    const { currentTime, readyState } = this.#video;
    if (readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && currentTime !== this.#seenAtS) {
      this.#seenAtS = currentTime;
      this.#lastArrivalMs = performance.now();
    }
    return this.#needsTouch ? null : this.#lastArrivalMs;
  }

  async take(): Promise<CameraFrame | null> {
    if (this.#isClosed || this.lastArrivalMs === null || this.#seenAtS === this.#takenAtS) return null;
    this.#takenAtS = this.#seenAtS;
    const moment = { wallMs: Date.now(), monotonicMs: performance.now() };
    // The image can become unavailable in the meantime (closed, resized, out of memory); the next one is taken in any
    // case.
    const image = await bitmapOf(this.#video).catch(() => null);
    return image === null ? null : { image, ...moment };
  }

  /** Nothing to do: `lastArrivalMs` checks the element itself. */
  look(): void {}

  /** `take` never waits for a frame. */
  release(): void {}

  close(): void {
    this.#listeners.abort();
    this.#video.pause();
    this.#video.srcObject = null;
  }

  get #isClosed(): boolean {
    return this.#listeners.signal.aborted;
  }

  #play(): void {
    this.#playedMs = performance.now();
    this.#video.play().then(
      () => (this.#needsTouch = false),
      (error: unknown) => {
        // `close` interrupts it too; a video that does not play has no arrivals, and the camera notices that.
        if (this.#isClosed || !(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
        this.#needsTouch = true;
        const retry = new AbortController();
        const signal = AbortSignal.any([retry.signal, this.#listeners.signal]);
        const play = (): void => {
          retry.abort();
          this.#play();
        };
        for (const touch of touches) addEventListener(touch, play, { signal });
      },
    );
  }
}
