import { STATUS_CODES as statusCodes } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers an upgrade request with an HTTP error and closes its socket. */
export const refuseUpgrade = (socket: Duplex, status: number): void => {
  // After an upgrade request the HTTP server no longer applies its time limits, so the socket is closed here.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${statusCodes[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
