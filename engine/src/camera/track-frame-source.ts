import type { CameraFrame, FrameSource } from './frame-source.ts';

declare global {
  /** TypeScript's library declares it for workers only; Chromium offers it on pages too. */
  interface MediaStreamTrackProcessorInit {
    track: MediaStreamTrack;
  }
}

/**
 * Frames straight from the track, as the camera delivers them, even while the page is hidden. Chromium only.
 *
 * The processor keeps the newest frame outside of the main thread. A frame is read only when one is wanted: reading all
 * of a camera's 20 to 30 frames a second costs the page more than everything else that the engine does on it.
 */
export class TrackFrameSource implements FrameSource {
  readonly needsTouch = false;
  readonly #reader: ReadableStreamDefaultReader<VideoFrame>;
  #taker: ((frame: CameraFrame | null) => void) | null = null;
  #isReading = false;
  #lastArrivalMs: number | null = null;
  #closed = false;

  constructor(track: MediaStreamTrack) {
    this.#reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable.getReader();
    this.look();
  }

  static isSupported(): boolean {
    return typeof MediaStreamTrackProcessor === 'function';
  }

  get lastArrivalMs(): number | null {
    return this.#lastArrivalMs;
  }

  look(): void {
    if (!this.#isReading && !this.#closed) void this.#read();
  }

  take(): Promise<CameraFrame | null> {
    this.release();
    return new Promise((resolve) => {
      if (this.#closed) return resolve(null);
      this.#taker = resolve;
      this.look();
    });
  }

  release(): void {
    this.#taker?.(null);
    this.#taker = null;
  }

  close(): void {
    this.#closed = true;
    this.release();
    this.#reader.cancel().catch(() => {
      // The track has already ended, so there is nothing left to cancel.
    });
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const { value: image } = await this.#reader.read().catch(() => ({ value: undefined }));
    this.#isReading = false;
    // The track has ended.
    if (image === undefined) return this.release();
    this.#lastArrivalMs = performance.now();
    const taker = this.#taker;
    this.#taker = null;
    if (taker === null) image.close();
    else taker({ image, wallMs: Date.now(), monotonicMs: this.#lastArrivalMs });
  }
}
