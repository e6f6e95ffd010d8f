import type { Features } from '@invigil/protocol/frame';

/** A numbered feature frame as this client creates it. `timestamp`: Unix epoch, milliseconds. */
export type ClientFrame = Features & { seq: number; timestamp: number };

/** The identity of the next frame. */
export interface FrameStamp {
  seq: number;
  /** Unix epoch, corrected by `correctionMs`. */
  timestampMs: number;
  /** What was added to the device's clock. */
  correctionMs: number;
}
