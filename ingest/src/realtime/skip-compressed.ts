import type { WebSocket } from 'ws';

type Decompressed = (error: Error | null, data: Buffer) => void;

/** The part of ws that decompresses a connection's messages. ws has no public hook before it. */
interface Decompression {
  decompress(data: Buffer, isLast: boolean, callback: Decompressed): void;
}

const nothing = Buffer.alloc(0);

/**
 * Lets a connection drop compressed messages before they are decompressed, which costs a hundred times what a client spends to send them. A
 * dropped message arrives as an empty one. Messages are compressed independently of each other (`WebSocketServers`), so the next one can
 * still be read.
 * @param isSkipping asked once per message
 * @param onSkipped called before the empty message arrives, with the number of compressed bytes
 */
export const skipCompressed = (
  webSocket: WebSocket,
  isSkipping: () => boolean,
  onSkipped: (bytes: number) => void,
): void => {
  const { _extensions: extensions } = webSocket as unknown as { _extensions: Record<string, Decompression> };
  const extension = extensions['permessage-deflate'];
  if (extension === undefined) return;
  const decompress = extension.decompress.bind(extension);
  /** Whether the message being received is skipped; null between messages. */
  let isSkipped: boolean | null = null;
  extension.decompress = (data, isLast, callback) => {
    const isThisSkipped = (isSkipped ??= isSkipping());
    if (isLast) isSkipped = null;
    if (!isThisSkipped) return decompress(data, isLast, callback);
    onSkipped(data.length);
    // Not in this call, because ws would read the next message inside of it, and so on.
    queueMicrotask(() => callback(null, nothing));
  };
};
