import type { GuidanceMessage, ServerSessionMessage } from '@invigil/protocol/channels';
import type { ClockRelation } from '../outbox/session-time.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Timers } from '../timing/timers.ts';
import type { ConnectionState, TransportName } from './delivery-state.ts';
import type { Digest } from './sha256.ts';
import type { TokenSource } from './token-source.ts';
import type { OpenTransport } from './transport.ts';

export interface ConnectionOptions {
  serverUrl: string;
  sessionId: string;
  token: TokenSource | undefined;
  batchIntervalMs: number;
  /** Whether the student was told that thumbnails may be sent. Default false. */
  pictures?: boolean;
}

export type PicturesMessage = Extract<ServerSessionMessage, { type: 'pictures' }>;

export interface ConnectionDependencies {
  outbox: Outbox;
  timers: Timers;
  transports: Record<TransportName, OpenTransport>;
  digest: Digest;
  /** 0 to 1. */
  random: () => number;
  onState(state: ConnectionState): void;
  /**
   * The server reported its time; null if it did not answer with one. The connection sends nothing before this
   * resolves.
   */
  onRelated(relation: ClockRelation | null): Promise<void>;
  /** The server refused a message that is not a single frame. */
  onRefused(detail: string): void;
  onGuidance?(message: GuidanceMessage): void;
  /** The thumbnails that the server wants from now on; null if the connection is lost. */
  onPictures?(request: PicturesMessage | null): void;
}
