/** What one connection may do. All of it comes from the configuration. */
export interface ConnectionLimits {
  messageBytes: number;
  messagesPerSecond: number;
  messageBurst: number;
  bytesPerSecond: number;
  byteBurst: number;
  /** Refused messages (too fast or wrong) that are forgiven; more, faster than one a second, close the connection. */
  strikes: number;
  /** Unsent bytes above which a connection is too slow to be kept. */
  sendBufferBytes: number;
  /** Messages in work at a time; above it the socket is not read. */
  messagesInWork: number;
  /** Silence (no message, no pong) after which a connection is given up; `Infinity` leaves that to the channel. */
  silenceMs: number;
}
