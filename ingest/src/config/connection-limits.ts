/** Limits of one connection, from the configuration. */
export interface ConnectionLimits {
  messageBytes: number;
  messagesPerSecond: number;
  messageBurst: number;
  bytesPerSecond: number;
  byteBurst: number;
  /**
   * Refused messages (rate-limited or invalid) that are tolerated; a sustained rate above one a second closes the
   * connection.
   */
  strikes: number;
  /** Unsent bytes above which a connection counts as too slow and is closed. */
  sendBufferBytes: number;
  /** Messages being handled at a time; above it the socket is not read. */
  messagesInWork: number;
  /** Silence (no message, no pong) after which a connection is closed; `Infinity` leaves that to the channel. */
  silenceMs: number;
}
