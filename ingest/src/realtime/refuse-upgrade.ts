import { STATUS_CODES as statusCodes } from 'node:http';
import type { Duplex } from 'node:stream';
import { requestIdHeader } from '../telemetry/request-id.ts';

/** Answers an upgrade request with an HTTP error and closes its socket. */
export const refuseUpgrade = (socket: Duplex, status: number, requestId: string): void => {
  // After an upgrade request the HTTP server no longer applies its time limits, so the socket is closed here.
  socket.once('finish', () => socket.destroy());
  const headers = `Connection: close\r\n${requestIdHeader}: ${requestId}\r\nContent-Length: 0\r\n`;
  socket.end(`HTTP/1.1 ${status} ${statusCodes[status]}\r\n${headers}\r\n`);
};
