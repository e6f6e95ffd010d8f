/** One camera picture. Whoever takes it closes the image or gives it away. */
export interface CameraFrame {
  image: VideoFrame | ImageBitmap;
  /** When it arrived: Unix epoch. */
  wallMs: number;
  /** The same moment on `performance.now()`. */
  monotonicMs: number;
}

/** Latest frame wins: one frame is kept, an older one is closed when a newer arrives. */
export interface FrameSource {
  /** The newest frame, if there is one that was not taken yet. */
  take(): Promise<CameraFrame | null>;
  /** When the last frame arrived, on `performance.now()`; null before the first. */
  readonly lastArrivalMs: number | null;
  close(): void;
}
