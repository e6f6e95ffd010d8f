import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { closeCodes, messageTooBig } from '@invigil/protocol/channels';
import type { Problem } from '@invigil/protocol/channels';
import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { ConnectionLimits } from '../config/connection-limits.ts';
import { isTemporary } from '../model/ingest-error.ts';
import { openRequest } from '../telemetry/request-context.ts';
import type { OpenRequest } from '../telemetry/request-context.ts';
import { requestIdOf } from '../telemetry/request-id.ts';
import type { IngestMetrics } from '../telemetry/ingest-metrics.ts';
import type { Queue } from '../telemetry/scraped-metrics.ts';
import type { UsageBudget } from '../budget/usage-budget.ts';
import { budgetTable } from '../budget/budget-table.ts';
import { addressKey } from '../network/address-key.ts';
import type { ClientAddresses } from '../network/client-addresses.ts';
import { Counts } from '../network/counts.ts';
import { limitBytes } from './anonymous-bytes.ts';
import { findChannel } from './channel.ts';
import type { Accept, Channel, ChannelMatch, Refusal } from './channel.ts';
import { Connection } from './connection.ts';
import { ConnectionQuota } from './connection-quota.ts';
import { GatheredWrites } from './gathered-writes.ts';
import { MessageTurns } from './message-turns.ts';
import { isOriginAllowed } from './origin-policy.ts';
import type { OriginPolicy } from './origin-policy.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { requestTarget } from './request-target.ts';
import type { RequestTarget } from './request-target.ts';
import { UnfinishedMessages } from './unfinished-messages.ts';
import type { RefusedOrigins } from './refused-origins.ts';
import { WebSocketServers } from './websocket-servers.ts';

export interface GatewayOptions {
  channels: readonly Channel[];
  limits: ConnectionLimits;
  maxConnections: number;
  maxConnectionsPerAddress: number;
  origins: OriginPolicy;
  addresses: ClientAddresses;
  refusedOrigins: RefusedOrigins;
  metrics: IngestMetrics;
  budget: UsageBudget;
  log: Logger;
  /** Monotonic time, milliseconds. */
  now: () => number;
}

/** An HTTP response instead of an upgrade. `reason` is the label of the metric. */
interface HttpRefusal {
  status: number;
  reason: string;
}

/** A client after the upgrade. */
interface Upgraded {
  webSocket: WebSocket;
  socket: Duplex;
  opening: OpenRequest;
  /** The key for limits per address. */
  address: string;
  channel: Channel;
  limits: ConnectionLimits;
  answer: Accept | Refusal;
}

const tooManyConnections: Problem = { code: 'RATE_EXCEEDED', message: 'this user has too many connections' };

/** Admits WebSocket clients: checks origin, connection limits and path, then asks the channel, all before the upgrade. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #servers = new WebSocketServers();
  readonly #limits: ReadonlyMap<Channel, ConnectionLimits>;
  readonly #connections = new Map<Connection, Channel>();
  readonly #quota: ConnectionQuota;
  readonly #anonymous = new Counts();
  readonly #unfinished: UnfinishedMessages;
  readonly #turns = new MessageTurns();
  #admitting = 0;
  #closing = false;

  constructor(http: Server, options: GatewayOptions) {
    this.#options = options;
    const { channels, limits } = options;
    this.#limits = new Map(channels.map((channel) => [channel, { ...limits, ...channel.limits }]));
    this.#quota = new ConnectionQuota(options.maxConnectionsPerAddress);
    this.#unfinished = new UnfinishedMessages(
      {
        seconds: budgetTable.unfinishedSeconds.limit,
        bytes: budgetTable.unfinishedBytes.limit,
        bytesPerAddress: budgetTable.unfinishedBytesPerAddress.limit,
      },
      options.now,
    );
    http.on('connection', () => this.#turns.arrived());
    http.on('upgrade', (request, socket, head) => {
      // Ends when the client is identified or disconnects.
      const opening = openRequest(requestIdOf(request.headers));
      endAtClose(opening, socket);
      this.#upgrade(request, socket, head, opening).catch((error: unknown) => {
        options.log.error({ event: 'upgrade.failed', request_id: opening.id, error });
        refuseUpgrade(socket, 500, opening.id);
      });
    });
  }

  /** Sizes and capacities of the queues in front of the channels, for the metrics. */
  queues(): Record<string, Queue> {
    const { limits, maxConnections } = this.#options;
    const sum = (of: (connection: Connection) => number): number => {
      let total = 0;
      for (const connection of this.#connections.keys()) total += of(connection);
      return total;
    };
    return {
      connections: { size: () => this.#connections.size + this.#admitting, capacity: () => maxConnections },
      messages_in_work: {
        size: () => sum(({ messagesInWork }) => messagesInWork),
        capacity: () => this.#connections.size * limits.messagesInWork,
      },
      unfinished_bytes: { size: () => this.#unfinished.bytes, capacity: () => budgetTable.unfinishedBytes.limit },
      unsent_bytes: {
        size: () => sum(({ bufferedBytes }) => bufferedBytes),
        capacity: () => this.#connections.size * limits.sendBufferBytes,
      },
    };
  }

  /** Stops accepting, answers the messages already received, and asks every client to reconnect to another replica. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#unfinished.close();
    await Promise.all(
      this.#options.channels.map(async (channel) => {
        await channel.drain?.();
        const own = [...this.#connections].filter(([, its]) => its === channel);
        await Promise.all(own.map(([connection]) => connection.finish(closeCodes.goingAway)));
      }),
    );
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, opening: OpenRequest): Promise<void> {
    // Until ws takes over, a socket error must not end the process.
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const refuse = ({ status, reason }: HttpRefusal): void => {
      this.#options.metrics.upgradesRefused.inc({ reason });
      refuseUpgrade(socket, status, opening.id);
    };
    const address = addressKey(this.#options.addresses.of(request));
    const refusal = this.#check(request, address, opening);
    if (refusal !== null) return refuse(refusal);
    const target = requestTarget(request.url ?? '');
    const match = findChannel(this.#options.channels, target.pathname);
    if (match === null) return refuse({ status: 404, reason: 'path' });
    if (match.channel.identifiesLater === true && this.#isPoolFull(address)) {
      return refuse({ status: 503, reason: 'anonymous' });
    }
    this.#quota.hold(address, socket);
    const answer = await this.#admit(match, request, target, opening);
    if (socket.destroyed) return;
    if (this.#closing) return refuse({ status: 503, reason: 'closing' });
    socket.off('error', onError);
    const { channel } = match;
    const limits = this.#limits.get(channel) ?? this.#options.limits;
    // A client behind a proxy that breaks compressed frames can ask for no compression.
    const isCompressed = (channel.compressed ?? false) && target.searchParams.get('compression') !== 'off';
    const upgrade = { request, socket, head, requestId: opening.id, maxPayload: limits.messageBytes, isCompressed };
    this.#servers.upgrade(upgrade, (webSocket) =>
      this.#open({ webSocket, socket, opening, address, channel, limits, answer }),
    );
  }

  /** Null if the request may proceed to its channel. */
  #check(request: IncomingMessage, address: string, opening: OpenRequest): HttpRefusal | null {
    const { origins, addresses, refusedOrigins, maxConnections } = this.#options;
    const headers = { origin: request.headers.origin, host: addresses.hostOf(request) };
    if (this.#closing) return { status: 503, reason: 'closing' };
    if (!isOriginAllowed(headers, origins)) {
      opening.run(() => refusedOrigins.add(headers.origin));
      return { status: 403, reason: 'origin' };
    }
    const isFull = this.#connections.size + this.#admitting >= maxConnections;
    return isFull || this.#quota.isReached(address) ? { status: 503, reason: 'connections' } : null;
  }

  async #admit(
    { channel, path }: ChannelMatch,
    request: IncomingMessage,
    target: RequestTarget,
    opening: OpenRequest,
  ): Promise<Accept | Refusal> {
    const { connections } = this.#options.metrics;
    this.#admitting += 1;
    connections.inc({ channel: channel.name, state: 'admitting' });
    try {
      const own = (await channel.admitOwn?.(path, request, target)) ?? null;
      return own ?? (await opening.run(() => channel.admit(path, request, target)));
    } catch (error) {
      if (!isTemporary(error)) throw error;
      return { problem: { code: 'STORE_UNAVAILABLE', message: error.message }, close: closeCodes.tryAgainLater };
    } finally {
      this.#admitting -= 1;
      connections.dec({ channel: channel.name, state: 'admitting' });
    }
  }

  #isPoolFull(address: string): boolean {
    const { anonymousConnections, anonymousConnectionsPerAddress } = budgetTable;
    return (
      this.#anonymous.total >= anonymousConnections.limit ||
      this.#anonymous.of(address) >= anonymousConnectionsPerAddress.limit
    );
  }

  /**
   * Limits a client that has not identified itself: few bytes, and a place in a separate pool. @returns removes the
   * limits
   */
  #limitAnonymous(socket: Duplex, address: string, onExceeded: () => void): () => void {
    this.#anonymous.add(address, 1);
    let isCounted = true;
    const stopCounting = limitBytes(socket, budgetTable.anonymousBytes.limit, onExceeded);
    const release = (): void => {
      stopCounting();
      if (isCounted) this.#anonymous.add(address, -1);
      isCounted = false;
    };
    socket.on('close', release);
    return release;
  }

  /** Counts the connection, and its messages, for its owner. @returns false if the owner has too many */
  #countFor(owner: string, connection: Connection, channel: Channel, limits: ConnectionLimits): boolean {
    const { budget } = this.#options;
    const release = budget.hold('connections', owner);
    if (release === null) {
      // In channels with a registration, only the close reason can report this.
      if (channel.identifiesLater !== true) connection.sendError(tooManyConnections);
      connection.close({ ...closeCodes.tryAgainLater, reason: tooManyConnections.message });
      return false;
    }
    if (!connection.open) {
      release();
      return false;
    }
    connection.onClosed(release);
    connection.shareRate(budget.messageRate(channel.name, owner, limits));
    return true;
  }

  #open({ webSocket, socket, opening, address, channel, limits, answer }: Upgraded): void {
    const { metrics, now, log } = this.#options;
    const onError = (error: unknown) =>
      log.error({ event: 'connection.failed', channel: channel.name, request_id: opening.id, error });
    const isAnonymous = channel.identifiesLater === true || typeof answer !== 'function';
    const endAnonymity = isAnonymous ? this.#limitAnonymous(socket, address, () => cutOff()) : (): void => undefined;
    const onIdentified = (owner: string | null): boolean => {
      endAnonymity();
      opening.end();
      return owner === null || this.#countFor(owner, connection, channel, limits);
    };
    const writes = new GatheredWrites(socket);
    const connection = new Connection(webSocket, {
      channel: channel.name,
      limits,
      metrics,
      now,
      writes,
      nextTurn: () => this.#turns.next(),
      onError,
      onIdentified,
      inRequest: (work) => opening.run(work),
    });
    const cutOff = (): void => {
      metrics.messagesRefused.inc({ code: 'MESSAGE_TOO_BIG' });
      const { reason } = messageTooBig(budgetTable.anonymousBytes.limit);
      connection.cutOff({ ...closeCodes.messageTooBig, reason: `${reason} before identification` });
    };
    this.#unfinished.watch(socket, webSocket, address, () => connection.cutOff(closeCodes.tryAgainLater));
    this.#connections.set(connection, channel);
    webSocket.on('close', () => this.#connections.delete(connection));
    if (typeof answer === 'function') {
      return channel.identifiesLater === true ? opening.run(() => answer(connection)) : answer(connection);
    }
    metrics.upgradesRefused.inc({ reason: answer.problem.code });
    connection.sendError(answer.problem);
    connection.close(answer.close);
  }
}

/** A listener created beside the request would keep it, with its headers and its token, for as long as the connection is open. */
const endAtClose = (opening: OpenRequest, socket: Duplex): void => {
  socket.on('close', () => opening.end());
};
