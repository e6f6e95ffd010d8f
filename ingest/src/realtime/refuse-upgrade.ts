import { STATUS_CODES as statusCodes } from 'node:http';
import type { Duplex } from 'node:stream';
import { currentRequestId } from '../telemetry/request-context.ts';
import { requestIdHeader } from '../telemetry/request-id.ts';

/** Answers an upgrade request with an HTTP error and closes its socket. */
export const refuseUpgrade = (socket: Duplex, status: number): void => {
  // After an upgrade request the HTTP server no longer applies its time limits, so the socket is closed here.
  socket.once('finish', () => socket.destroy());
  const requestId = currentRequestId();
  const named = requestId === null ? '' : `${requestIdHeader}: ${requestId}\r\n`;
  socket.end(`HTTP/1.1 ${status} ${statusCodes[status]}\r\nConnection: close\r\n${named}Content-Length: 0\r\n\r\n`);
};
