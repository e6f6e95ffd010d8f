import type { ServerSessionMessage } from '@invigil/protocol/channels';

export interface TransportClose {
  /** A WebSocket close code; 1006 for a connection that was lost. */
  code: number;
  reason: string;
  /** The server itself sent the close, in its own format; other closes may come from any intermediary. */
  fromServer?: boolean;
}

export interface TransportEvents {
  open(): void;
  message(message: ServerSessionMessage): void;
  /** Called once; no event follows. */
  close(close: TransportClose): void;
}

/** A message of this client on the session channel; serialised only when it is sent. */
export interface ClientMessage {
  readonly type: 'hello' | 'batch' | 'losses' | 'ping' | 'picture';
  readonly [field: string]: unknown;
}

/** One connection to the session channel, from the attempt to open it until it is closed. */
export interface Transport {
  /** Only between `open` and `close`. */
  send(message: ClientMessage): void;
  /** Bytes that were passed to `send` and have not been sent yet. */
  readonly bufferedBytes: number;
  close(): void;
}

export interface TransportTarget {
  serverUrl: string;
  sessionId: string;
  token: string | null;
  /** False: ask for a connection without compression. */
  compressed?: boolean;
}

export type OpenTransport = (target: TransportTarget, events: TransportEvents) => Transport;
