import type { LossReason } from '@invigil/protocol/channels';

/** Why there is no connection at the moment. */
export type WaitingReason = 'not_started' | 'offline' | 'connection_lost' | 'server_busy' | 'token_unavailable';

export type EndedReason =
  /** Everything that could be delivered before the time was up was delivered, or the time was up. */
  | 'stopped'
  /** The server said that the session is over. */
  | 'session_ended'
  /** The same session goes on elsewhere, on another device or in another browser. */
  | 'replaced'
  /** The server does not accept this client; coming back would not help. */
  | 'refused';

/** The connection's one state. */
export type ConnectionState =
  /** `retryAtMs`: Unix epoch; null when nothing is planned. */
  | { state: 'waiting'; reason: WaitingReason; attempt: number; retryAtMs: number | null }
  | { state: 'opening'; attempt: number; transport: TransportName }
  /** Open; both sides are finding out what the server has already. */
  | { state: 'resuming'; attempt: number; transport: TransportName }
  /** `pausedUntilMs`: the server asked for a pause until then (Unix epoch); null when frames flow. */
  | { state: 'ready'; transport: TransportName; pausedUntilMs: number | null }
  /** Sending what is left before the end. `untilMs`: Unix epoch. */
  | { state: 'draining'; transport: TransportName | null; untilMs: number }
  | { state: 'ended'; reason: EndedReason };

export type TransportName = 'socket' | 'http';

/** What the page can show about delivery at every moment. */
export type DeliveryState = ConnectionState & {
  /** Frames that are kept on this device until the server acknowledges them. */
  waitingFrames: number;
  waitingBytes: number;
  /** Every frame up to this number is stored by the server or stated lost; null before it first answered. */
  ackedSeq: number | null;
  /** Head of the chain over everything that was sent, as the server last said: a receipt. Null before it first answered. */
  chain: string | null;
  /** Frames that were given up, by reason. */
  lost: Partial<Record<LossReason, number>>;
  /** Server clock minus this device's, milliseconds; null before the server first answered. */
  clockOffsetMs: number | null;
  /** 'memory' where the browser stores nothing for the page: a reload would lose what waits. */
  storage: 'indexeddb' | 'memory' | null;
};
