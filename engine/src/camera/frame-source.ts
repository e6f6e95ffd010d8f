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
  /** The newest frame. Where it was taken already, the next one; null if the source is released first, or has none. */
  take(): Promise<CameraFrame | null>;
  /** When a frame was last noticed, on `performance.now()`; null before the first. */
  readonly lastArrivalMs: number | null;
  /** The browser refuses to play the video before the student touches the page. */
  readonly needsTouch: boolean;
  /** Notices whether frames arrive, while nothing takes them. */
  look(): void;
  /** Ends a `take` that still waits, with null. */
  release(): void;
  close(): void;
}
