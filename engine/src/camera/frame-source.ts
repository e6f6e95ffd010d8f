/** One camera image. The receiver closes it or passes it on. */
export interface CameraFrame {
  image: VideoFrame | ImageBitmap;
  /** When it arrived: Unix epoch. */
  wallMs: number;
  /** The same moment on `performance.now()`. */
  monotonicMs: number;
}

/** The latest frame wins: one frame is kept, and an older one is closed when a newer one arrives. */
export interface FrameSource {
  /** The newest frame, if it was not taken yet. */
  take(): Promise<CameraFrame | null>;
  /** When the last frame arrived, on `performance.now()`; null before the first. */
  readonly lastArrivalMs: number | null;
  /** The browser refuses to play the video before the student touches the page. */
  readonly needsTouch: boolean;
  close(): void;
}
