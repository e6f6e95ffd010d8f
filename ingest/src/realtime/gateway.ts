import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes } from '@invigil/protocol/channels';
import type { CloseReason, Problem } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { PerMessageDeflateOptions, WebSocket } from 'ws';
import type { IngestMetrics, Queue } from '../telemetry/ingest-metrics.ts';
import { isTemporary } from '../model/ingest-error.ts';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { Connection } from './connection.ts';
import { isOriginAllowed } from './origin-policy.ts';
import type { OriginPolicy } from './origin-policy.ts';
import type { RefusedOrigins } from './refused-origins.ts';

/** Why a client is turned away: told on the socket, because browsers do not show the answer to a refused upgrade. */
export interface Refusal {
  problem: Problem;
  close: CloseReason;
}

/** Takes the open connection. Must set its handler at once, so that no message is missed. */
export type Accept = (connection: Connection) => void;

/** One documented endpoint: which paths are its own, and who may come in. */
export interface Channel {
  name: string;
  path: RegExp;
  /** Where it differs from what the configuration says for all. */
  limits?: Partial<ConnectionLimits>;
  /** Clients that can may send their messages compressed. */
  compressed?: boolean;
  /** When the server stops: lets clients move elsewhere first; their connections are closed when it resolves. */
  drain?(): Promise<void>;
  admit(path: RegExpExecArray, request: IncomingMessage, url: URL): Promise<Accept | Refusal>;
}

export interface GatewayOptions {
  channels: readonly Channel[];
  limits: ConnectionLimits;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  origins: OriginPolicy;
  refusedOrigins: RefusedOrigins;
  metrics: IngestMetrics;
  log: Logger;
  now: () => number;
}

/**
 * Messages of such a channel are alike inside, so they shrink to a fifth also without what came before: neither side keeps a window
 * between two messages, and a quiet connection costs no memory for it.
 */
const compression: PerMessageDeflateOptions = {
  clientNoContextTakeover: true,
  serverNoContextTakeover: true,
  zlibInflateOptions: { chunkSize: 4096 },
};

/** Lets WebSocket clients in: path, origin, number of connections, then the channel's own admission, all before the upgrade. */
export class Gateway {
  readonly #options: GatewayOptions;
  /** One for each size of message that a channel allows, compressed or not. */
  readonly #servers = new Map<string, WebSocketServer>();
  readonly #connections = new Map<Connection, Channel>();
  /** Open or being admitted. */
  readonly #byAddress = new Map<string, number>();
  #waiting = 0;
  #closing = false;

  constructor(http: Server, options: GatewayOptions) {
    this.#options = options;
    http.on('upgrade', (request, socket, head) => {
      this.#upgrade(request, socket, head).catch((error: unknown) => {
        options.log.error({ event: 'upgrade.failed', error });
        refuseUpgrade(socket, 500);
      });
    });
  }

  /** What waits here, for whoever measures it. */
  queues(): Record<string, Queue> {
    const { limits, maxConnections } = this.#options;
    const sum = (of: (connection: Connection) => number): number => {
      let total = 0;
      for (const connection of this.#connections.keys()) total += of(connection);
      return total;
    };
    return {
      connections: { size: () => this.#connections.size + this.#waiting, capacity: () => maxConnections },
      messages_in_work: {
        size: () => sum(({ messagesInWork }) => messagesInWork),
        capacity: () => this.#connections.size * limits.messagesInWork,
      },
      unsent_bytes: {
        size: () => sum(({ bufferedBytes }) => bufferedBytes),
        capacity: () => this.#connections.size * limits.sendBufferBytes,
      },
    };
  }

  /** Stops accepting, answers what was received, and asks every client to reconnect elsewhere. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      this.#options.channels.map(async (channel) => {
        await channel.drain?.();
        const own = [...this.#connections].filter(([, its]) => its === channel);
        await Promise.all(
          own.map(async ([connection]) => {
            await connection.drain();
            connection.close(closeCodes.goingAway);
          }),
        );
      }),
    );
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { channels, metrics, origins, refusedOrigins } = this.#options;
    // Until ws takes over, a client that goes away must not end the process.
    const onError = () => socket.destroy();
    socket.on('error', onError);
    const refuse = (status: number, reason: string): void => {
      metrics.upgradesRefused.inc({ reason });
      refuseUpgrade(socket, status);
    };
    const address = request.socket.remoteAddress ?? '';
    if (this.#closing) return refuse(503, 'closing');
    if (!isOriginAllowed(request.headers, origins)) {
      refusedOrigins.add(request.headers.origin);
      return refuse(403, 'origin');
    }
    if (!this.#hasRoom(address)) return refuse(503, 'connections');
    const url = parseUrl(request);
    const found = url === null ? null : findChannel(channels, url.pathname);
    if (url === null || found === null) return refuse(404, 'path');
    this.#count(address, 1);
    // The socket is what lasts: the same before and after it becomes a WebSocket.
    socket.once('close', () => this.#count(address, -1));
    const answer = await this.#admit(found, request, url);
    if (socket.destroyed) return;
    if (this.#closing) return refuse(503, 'closing');
    socket.off('error', onError);
    const limits = { ...this.#options.limits, ...found.channel.limits };
    this.#serverFor(limits.messageBytes, found.channel.compressed ?? false).handleUpgrade(
      request,
      socket,
      head,
      (webSocket) => {
        const connection = this.#connect(webSocket, found.channel, limits);
        if (typeof answer === 'function') return answer(connection);
        metrics.upgradesRefused.inc({ reason: answer.problem.code });
        connection.sendError(answer.problem);
        connection.close(answer.close);
      },
    );
  }

  async #admit({ channel, path }: FoundChannel, request: IncomingMessage, url: URL): Promise<Accept | Refusal> {
    const { connections } = this.#options.metrics;
    this.#waiting += 1;
    connections.inc({ channel: channel.name, state: 'admitting' });
    try {
      return await channel.admit(path, request, url);
    } catch (error) {
      if (!isTemporary(error)) throw error;
      return { problem: { code: 'STORE_UNAVAILABLE', message: error.message }, close: closeCodes.tryAgainLater };
    } finally {
      this.#waiting -= 1;
      connections.dec({ channel: channel.name, state: 'admitting' });
    }
  }

  #serverFor(maxPayload: number, isCompressed: boolean): WebSocketServer {
    const key = `${maxPayload} ${isCompressed}`;
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const server = new WebSocketServer({
      noServer: true,
      maxPayload,
      perMessageDeflate: isCompressed ? compression : false,
      clientTracking: false,
    });
    this.#servers.set(key, server);
    return server;
  }

  #connect(webSocket: WebSocket, channel: Channel, limits: ConnectionLimits): Connection {
    const { metrics, now, log } = this.#options;
    const { name } = channel;
    const onError = (error: unknown) => log.error({ event: 'connection.failed', channel: name, error });
    const connection = new Connection(webSocket, { channel: name, limits, metrics, now, onError });
    this.#connections.set(connection, channel);
    webSocket.on('close', () => this.#connections.delete(connection));
    return connection;
  }

  #count(address: string, by: 1 | -1): void {
    const count = (this.#byAddress.get(address) ?? 0) + by;
    if (count === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, count);
  }

  #hasRoom(address: string): boolean {
    const { maxConnections, maxConnectionsPerAddress } = this.#options;
    return (
      this.#connections.size + this.#waiting < maxConnections &&
      (this.#byAddress.get(address) ?? 0) < maxConnectionsPerAddress
    );
  }
}

interface FoundChannel {
  channel: Channel;
  path: RegExpExecArray;
}

const findChannel = (channels: readonly Channel[], pathname: string): FoundChannel | null => {
  for (const channel of channels) {
    const path = channel.path.exec(pathname);
    if (path !== null) return { channel, path };
  }
  return null;
};

/** Only path and query matter, so the base is never shown; null for what is no path. */
const parseUrl = (request: IncomingMessage): URL | null =>
  request.url !== undefined && URL.canParse(request.url, 'http://localhost')
    ? new URL(request.url, 'http://localhost')
    : null;

const refuseUpgrade = (socket: Duplex, status: number): void => {
  // Nothing else closes it: after an upgrade the HTTP server has no more time limits for it.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};
