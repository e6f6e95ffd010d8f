/** What leaves this device besides numbers, so that the page can show it to its student at every moment. */
export interface PictureState {
  /** A person in charge looks in: small pictures are sent every so often. */
  isWatched: boolean;
  /** Pictures sent since the start, those that went with an alert included. */
  sent: number;
  /** Unix epoch, milliseconds; null before the first. */
  lastSentMs: number | null;
}

export const noThumbnails: PictureState = { isWatched: false, sent: 0, lastSentMs: null };
