import type { Duplex } from 'node:stream';

/**
 * Calls `onExceeded` once more than `limit` bytes have arrived on the socket. Counts raw bytes, so that a message is
 * refused before it is complete: a client that has not identified itself must not cost memory or parsing.
 * @returns stops counting
 */
export const limitBytes = (socket: Duplex, limit: number, onExceeded: () => void): (() => void) => {
  let received = 0;
  const count = (chunk: Buffer): void => {
    received += chunk.length;
    if (received <= limit) return;
    socket.off('data', count);
    onExceeded();
  };
  socket.on('data', count);
  return () => void socket.off('data', count);
};
