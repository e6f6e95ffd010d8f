/** What happened to the frames of one session. */
export interface StopResult {
  /** Frames that the server has acknowledged since the page was loaded. */
  delivered: number;
  /** Frames still on this device; they are sent when the session is opened here again. */
  waiting: number;
  /** Frames that were given up; the delivery state has the reasons. */
  lost: number;
  /** Head of the server's hash chain over everything that was sent: a receipt. Null if the server never answered. */
  chain: string | null;
}

/** The result when nothing was recorded. */
export const nothingRecorded: StopResult = { delivered: 0, waiting: 0, lost: 0, chain: null };
