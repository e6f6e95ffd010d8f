/** Which images leave this device, so that the page can tell the student. */
export interface PictureState {
  /** A proctor is watching: thumbnails are sent periodically. */
  isWatched: boolean;
  /** Thumbnails sent since the start, including those of alerts. */
  sent: number;
  /** Unix epoch, milliseconds; null before the first. */
  lastSentMs: number | null;
}

export const noThumbnails: PictureState = { isWatched: false, sent: 0, lastSentMs: null };
