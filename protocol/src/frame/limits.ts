/** Hard limits of the documented channels. Both sides know them, so that a client never sends what a server refuses. */
export const limits = {
  /** One WebSocket message or HTTP body. */
  messageBytes: 256 * 1024,
  /** What a server must take at least: the batches of clients are up to half as long. */
  leastMessageBytes: 128 * 1024,
  /** Fields of one frame object, known or not. Above it the frame is refused whole. */
  frameFields: 256,
  framesPerBatch: 500,
  /** A small picture of the session channel: the JPEG itself, and its text in base64. */
  pictureBytes: 8192,
  pictureChars: 4 * Math.ceil(8192 / 3),
  /** Identifiers that come from outside and end up in keys, paths and rows. */
  idLength: 128,
} as const;
