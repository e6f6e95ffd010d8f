/** One moment on two clocks. */
export interface Moment {
  /** Unix epoch, by the device's clock, which can be set. */
  wallMs: number;
  /** `performance.now()`, which never goes back. */
  monotonicMs: number;
}
