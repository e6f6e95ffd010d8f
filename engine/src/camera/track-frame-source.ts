import type { CameraFrame, FrameSource } from './frame-source.ts';

declare global {
  /** TypeScript's library declares it for workers only; Chromium offers it on pages too. */
  interface MediaStreamTrackProcessorInit {
    track: MediaStreamTrack;
  }
}

/** Frames straight from the track, as the camera delivers them, also while the page is hidden. Chromium. */
export class TrackFrameSource implements FrameSource {
  readonly needsTouch = false;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  #latest: CameraFrame | null = null;
  #lastArrivalMs: number | null = null;
  #closed = false;

  constructor(track: MediaStreamTrack) {
    this.#reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
    void this.#read();
  }

  static isSupported(): boolean {
    return typeof MediaStreamTrackProcessor === 'function';
  }

  get lastArrivalMs(): number | null {
    return this.#lastArrivalMs;
  }

  async #read(): Promise<void> {
    while (!this.#closed) {
      const { value: image, done } = await this.#reader.read().catch(() => ({ value: undefined, done: true }));
      if (done || image === undefined) return;
      this.#latest?.image.close();
      this.#latest = { image, wallMs: Date.now(), monotonicMs: performance.now() };
      this.#lastArrivalMs = this.#latest.monotonicMs;
      if (this.#closed) this.#drop();
    }
  }

  #drop(): void {
    this.#latest?.image.close();
    this.#latest = null;
  }

  async take(): Promise<CameraFrame | null> {
    const latest = this.#latest;
    this.#latest = null;
    return latest;
  }

  close(): void {
    this.#closed = true;
    this.#drop();
    this.#reader.cancel().catch(() => {
      // The track ended before us; there is nothing left to cancel.
    });
  }
}
