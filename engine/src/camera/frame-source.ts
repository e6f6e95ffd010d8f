/** One camera image. The receiver closes it or passes it on. */
export interface CameraFrame {
  image: VideoFrame | ImageBitmap;
  /** When it arrived, at most one period of the camera late: Unix epoch. */
  wallMs: number;
  /** The same moment on `performance.now()`. */
  monotonicMs: number;
}

/** The latest frame wins: at most one frame waits to be taken, and a newer one replaces it. */
export interface FrameSource {
  /**
   * The newest frame, or the next one if that has been taken already; null if the source has none or is released first.
   */
  take(): Promise<CameraFrame | null>;
  /** When a frame was last noticed, on `performance.now()`; null before the first. */
  readonly lastArrivalMs: number | null;
  /** The browser refuses to play the video before the student touches the page. */
  readonly needsTouch: boolean;
  /** Checks whether frames arrive while nothing takes them. */
  look(): void;
  /** Resolves a pending `take` with null. */
  release(): void;
  close(): void;
}
