import type { ServerSessionMessage } from '@invigil/protocol/channels';

export interface TransportClose {
  /** A WebSocket close code; 1006 for a connection that was just gone. */
  code: number;
  reason: string;
}

export interface TransportEvents {
  open(): void;
  message(message: ServerSessionMessage): void;
  /** Once, and the last. */
  close(close: TransportClose): void;
}

/** One connection to the session channel, from the attempt to open it until it is closed. */
export interface Transport {
  /** @param text a JSON object. Only between `open` and `close`. */
  send(text: string): void;
  /** Bytes that were given to `send` and have not left yet. */
  readonly bufferedBytes: number;
  close(): void;
}

export interface TransportTarget {
  serverUrl: string;
  sessionId: string;
  token: string | null;
}

export type OpenTransport = (target: TransportTarget, events: TransportEvents) => Transport;
