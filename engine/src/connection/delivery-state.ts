import type { LossReason } from '@invigil/protocol/channels';

/** Why there is no connection at the moment. */
export type WaitingReason = 'not_started' | 'offline' | 'connection_lost' | 'server_busy' | 'token_unavailable';

export type EndedReason =
  /** `stop` has finished: all frames were delivered, or its time limit passed. */
  | 'stopped'
  /** The server has ended the session. */
  | 'session_ended'
  /** The session continues on another device or in another browser. */
  | 'replaced'
  /** The server does not accept this client; reconnecting would not help. */
  | 'refused';

/** The state of the connection. */
export type ConnectionState =
  /** `retryAtMs`: Unix epoch; null if no attempt is scheduled. */
  | { state: 'waiting'; reason: WaitingReason; attempt: number; retryAtMs: number | null }
  | { state: 'opening'; attempt: number; transport: TransportName }
  /** Open; client and server are comparing which frames the server has. */
  | { state: 'resuming'; attempt: number; transport: TransportName }
  /** `pausedUntilMs`: the server asked for a pause until then (Unix epoch); null while frames are sent. */
  | { state: 'ready'; transport: TransportName; pausedUntilMs: number | null }
  /** Sending the pending frames before the end. `untilMs`: Unix epoch. */
  | { state: 'draining'; transport: TransportName | null; untilMs: number }
  | { state: 'ended'; reason: EndedReason };

export type TransportName = 'socket' | 'http';

/** The state of delivery, for display. */
export type DeliveryState = ConnectionState & {
  /** Frames kept on this device until the server acknowledges them. */
  waitingFrames: number;
  waitingBytes: number;
  /** Every frame up to this number is stored by the server or reported lost; null before its first answer. */
  ackedSeq: number | null;
  /** Head of the server's hash chain over everything that was sent: a receipt. Null before its first answer. */
  chain: string | null;
  /** Frames that were given up, by reason. */
  lost: Partial<Record<LossReason, number>>;
  /** Server clock minus this device's, milliseconds; null before the server's first answer. */
  clockOffsetMs: number | null;
  /** 'memory' where the browser stores nothing for the page: a reload would lose pending frames. */
  storage: 'indexeddb' | 'memory' | null;
};

/** The state before delivery has begun. */
export const notDelivering: DeliveryState = {
  state: 'waiting',
  reason: 'not_started',
  attempt: 0,
  retryAtMs: null,
  waitingFrames: 0,
  waitingBytes: 0,
  ackedSeq: null,
  chain: null,
  lost: {},
  clockOffsetMs: null,
  storage: null,
};
