import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { busUnavailable } from '../model/ingest-error.ts';
import { connectTimeoutMs, reconnectStrategy } from '../redis/reconnecting.ts';
import { commandOptions } from '../redis/redis-client.ts';
import { isCluster } from '../redis/redis-nodes.ts';
import type { RedisNodes } from '../redis/redis-nodes.ts';
import { needsNewConnection, probeKey, probeLifeMs, probePeriodMs, probeTimeoutMs } from '../redis/write-probe.ts';
import { withDeadline } from '../time/with-deadline.ts';

/** Far more than a responsive Redis ever has in flight. */
const maxQueuedMessages = 50_000;
/** Probes in a row at which a node must consider its cluster down to be left. A failover takes fewer; a node that is cut off stays down. */
const maxClusterDownProbes = 4;

const rejectLate = (): never => {
  throw busUnavailable('no answer in time');
};

/** @param isPublisher messages that cannot be sent now are dropped: delivered late they would be out of date */
const openConnection = (url: string, isPublisher: boolean) =>
  createClient({
    url,
    socket: { connectTimeout: connectTimeoutMs, reconnectStrategy },
    commandOptions,
    disableOfflineQueue: isPublisher,
    ...(isPublisher ? { commandsQueueMaxLength: maxQueuedMessages } : {}),
  });

export type RedisConnection = ReturnType<typeof openConnection>;

/**
 * One connection to publish and one to subscribe, to the same server. In a cluster every node passes messages on to all others, so any one of
 * them will do; when it fails, the next takes its place.
 */
export class RedisConnections {
  readonly #nodes: RedisNodes;
  readonly #onReady: () => void;
  /** Restores the subscriptions on new connections. */
  readonly #onReplaced: () => Promise<unknown>;
  #node = 0;
  #publisher: RedisConnection;
  #subscriber: RedisConnection;
  #isRestoring = false;
  #clusterDownProbes = 0;
  #wasDown = false;
  #closed = false;

  /** @param onReady called when both connections are back after an outage, with their subscriptions */
  constructor(nodes: RedisNodes, onReady: () => void, onReplaced: () => Promise<unknown>) {
    this.#nodes = nodes;
    this.#onReady = onReady;
    this.#onReplaced = onReplaced;
    // Replicas of the server should not all meet at the first node.
    this.#node = Math.floor(Math.random() * nodes.length);
    [this.#publisher, this.#subscriber] = this.#connect();
    void this.#probe();
  }

  get publisher(): RedisConnection {
    return this.#publisher;
  }

  get subscriber(): RedisConnection {
    return this.#subscriber;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  get areReady(): boolean {
    return this.#publisher.isReady && this.#subscriber.isReady;
  }

  /** A command failed because its connection broke. */
  markDown(): void {
    this.#wasDown = true;
  }

  close(): void {
    this.#closed = true;
    this.#destroy();
  }

  #connect(): [RedisConnection, RedisConnection] {
    const url = this.#nodes[this.#node % this.#nodes.length] ?? this.#nodes[0];
    const [publisher, subscriber] = [openConnection(url, true), openConnection(url, false)];
    for (const client of [publisher, subscriber]) {
      // The client reconnects by itself; until then `check` fails.
      client.on('error', () => this.markDown());
      client.on('ready', () => this.#ready());
      client.connect().catch(() => undefined);
    }
    return [publisher, subscriber];
  }

  #destroy(): void {
    for (const client of [this.#publisher, this.#subscriber]) if (client.isOpen) client.destroy();
  }

  /** The client subscribes to its channels again before it is ready. */
  #ready(): void {
    if (!this.#wasDown || this.#isRestoring || !this.areReady) return;
    this.#wasDown = false;
    this.#onReady();
  }

  /**
   * Opens new connections if one is dead, or leads to a Redis that is no longer the primary, where messages would reach no
   * other replica.
   */
  async #probe(): Promise<void> {
    while (!this.#closed) {
      await delay(probePeriodMs, undefined, { ref: false });
      if (this.#closed || this.#isRestoring) continue;
      const isUsable = this.areReady ? await this.#answers() : !isCluster(this.#nodes);
      if (!isUsable) void this.#replace();
    }
  }

  async #replace(): Promise<void> {
    this.#wasDown = true;
    this.#isRestoring = true;
    this.#clusterDownProbes = 0;
    this.#destroy();
    this.#node += 1;
    [this.#publisher, this.#subscriber] = this.#connect();
    // If this node does not answer either, the next probe must be free to replace it.
    await withDeadline(this.#onReplaced(), probePeriodMs, () => undefined);
    this.#isRestoring = false;
    this.#ready();
  }

  async #answers(): Promise<boolean> {
    try {
      await withDeadline(Promise.all([this.#probePublisher(), this.#subscriber.ping()]), probeTimeoutMs, rejectLate);
      return this.#clusterDownProbes < maxClusterDownProbes;
    } catch (error) {
      return this.#closed || !needsNewConnection(error);
    }
  }

  async #probePublisher(): Promise<void> {
    if (!isCluster(this.#nodes)) {
      await this.#publisher.set(probeKey, '1', { expiration: { type: 'PX', value: probeLifeMs } });
      return;
    }
    const isUp = (await this.#publisher.clusterInfo()).includes('cluster_state:ok');
    this.#clusterDownProbes = isUp ? 0 : this.#clusterDownProbes + 1;
  }
}
