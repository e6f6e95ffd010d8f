/** What became of the frames of one sitting. */
export interface StopResult {
  /** Frames that this page knows to be stored by the server. */
  delivered: number;
  /** Frames still on this device; they are sent when the session is opened here again. */
  waiting: number;
  /** Frames that were given up; their reasons are in the delivery state. */
  lost: number;
  /** Head of the chain over everything that was sent, as the server last said: a receipt. Null when it never answered. */
  chain: string | null;
}
