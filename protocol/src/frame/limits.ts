/**
 * Hard limits of the documented channels. Client and server share them, so that a client never sends what the server
 * would refuse.
 */
export const limits = {
  /** Largest WebSocket message or HTTP body, bytes. */
  messageBytes: 256 * 1024,
  /** Smallest message limit that a server may configure, bytes. Clients keep their batches below half of it. */
  leastMessageBytes: 128 * 1024,
  /** Maximum number of fields in one frame object, known or unknown. A frame with more is rejected. */
  frameFields: 256,
  framesPerBatch: 500,
  /** Largest thumbnail of the session channel: the JPEG itself, bytes … */
  pictureBytes: 8192,
  /** … and the same as base64, characters. */
  pictureChars: 4 * Math.ceil(8192 / 3),
  /** Longest external identifier, characters. Identifiers become part of keys, paths and rows. */
  idLength: 128,
} as const;
