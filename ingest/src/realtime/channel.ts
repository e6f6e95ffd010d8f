import type { IncomingMessage } from 'node:http';
import type { CloseReason, Problem } from '@invigil/protocol/channels';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import type { Connection } from './connection.ts';
import type { RequestTarget } from './request-target.ts';

/** Why a client is refused. It is sent over the open socket, because browsers hide the answer to a refused upgrade. */
export interface Refusal {
  problem: Problem;
  close: CloseReason;
}

/** Takes the open connection. Must set its handler synchronously, so that no message is missed. */
export type Accept = (connection: Connection) => void;

/** One documented WebSocket endpoint: which paths belong to it and who is admitted. */
export interface Channel {
  name: string;
  path: RegExp;
  /** Overrides of the limits configured for all channels. */
  limits?: Partial<ConnectionLimits>;
  /** Whether clients identify themselves in their first message instead of the request. The channel calls `Connection.identified`. */
  identifiesLater?: boolean;
  /** Whether clients may compress their messages. */
  compressed?: boolean;
  /** Called when the server stops, so that clients can move to another replica. Their connections are closed once it resolves. */
  drain?(): Promise<void>;
  /**
   * Admits a client with a token that this server can check by itself, or returns null: then `admit` decides. The request is not tracked while
   * this runs, so nothing that it writes to the log has the request's id.
   */
  admitOwn?(path: RegExpExecArray, request: IncomingMessage, target: RequestTarget): Promise<Accept | Refusal | null>;
  admit(path: RegExpExecArray, request: IncomingMessage, target: RequestTarget): Promise<Accept | Refusal>;
}

export interface ChannelMatch {
  channel: Channel;
  path: RegExpExecArray;
}

/** The channel that serves this path, or null. */
export const findChannel = (channels: readonly Channel[], pathname: string): ChannelMatch | null => {
  for (const channel of channels) {
    const path = channel.path.exec(pathname);
    if (path !== null) return { channel, path };
  }
  return null;
};
