import type { CameraFrame, FrameSource } from './frame-source.ts';

declare global {
  /** In TypeScript's own library it is a worker's, and a worker has no tracks; in Chromium pages have it too. */
  interface MediaStreamTrackProcessorInit {
    track: MediaStreamTrack;
  }
}

/** Frames straight from the track, as the camera delivers them; the page may be hidden. Chromium. */
export class TrackFrameSource implements FrameSource {
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
