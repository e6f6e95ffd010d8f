import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { needsNewConnection, probeKey, probeLifeMs, probePeriodMs, probeTimeoutMs } from '../redis/write-probe.ts';
import { withDeadline } from '../time/with-deadline.ts';
import { busUnavailable } from '../model/ingest-error.ts';
import { withAnswerDeadline } from './answer-deadline.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { isMatch } from './subject.ts';
import { wireNames } from './wire-names.ts';
import type { WireNames } from './wire-names.ts';

/** Separates the replicas' own channels from those of other programs that use the same Redis. */
const ownPrefix = 'invigil:bus:';
const connectTimeoutMs = 3000;
const maxReconnectDelayMs = 2000;
const followAgainMs = 100;
/** Far more than a responsive Redis ever has in flight. */
const maxQueuedMessages = 50_000;

const rejectLate = (): never => {
  throw busUnavailable('no answer in time');
};

type Client = ReturnType<typeof createClient>;

/**
 * Redis pub/sub. A subscriber that reads too slowly is disconnected by Redis (`client-output-buffer-limit pubsub`), then
 * reconnects as after any other loss.
 */
export const redisLink = (url: string, prefix = ''): BusLink => new RedisLink(url, wireNames(prefix, ownPrefix));

class RedisLink implements BusLink {
  readonly #names: WireNames;
  readonly #publisher: Client;
  readonly #subscriber: Client;
  readonly #upListeners: (() => void)[] = [];
  #wasDown = false;
  #closed = false;

  constructor(url: string, names: WireNames) {
    this.#names = names;
    const socket = {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, maxReconnectDelayMs),
    };
    // Messages that cannot be sent now are dropped: delivered late they would be out of date.
    this.#publisher = createClient({
      url,
      socket,
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxQueuedMessages,
    });
    this.#subscriber = createClient({ url, socket });
    for (const client of [this.#publisher, this.#subscriber]) {
      // The client reconnects by itself; until then `check` fails.
      client.on('error', () => (this.#wasDown = true));
      client.on('ready', () => this.#ready());
      client.connect().catch(() => undefined);
    }
    void this.#probe();
  }

  publish(subject: string, text: string): boolean {
    if (!this.#publisher.isReady) return false;
    this.#publisher.publish(this.#names.nameOf(subject), text).catch(() => (this.#wasDown = true));
    return true;
  }

  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern {
    const onMessage = (text: string, channel: string): void => receive(this.#names.subjectOf(channel), text);
    const channel = this.#names.nameOf(pattern);
    if (!/[*>]/.test(pattern)) {
      return this.#keepFollowing(
        () => this.#subscriber.subscribe(channel, onMessage),
        () => this.#subscriber.unsubscribe(channel, onMessage),
      );
    }
    // Redis lets `*` match dots, so each channel is checked again.
    const glob = channel.replace(/>$/, '*');
    const onMatch = (text: string, found: string): void => {
      if (isMatch(pattern, this.#names.subjectOf(found))) onMessage(text, found);
    };
    return this.#keepFollowing(
      () => this.#subscriber.pSubscribe(glob, onMatch),
      () => this.#subscriber.pUnsubscribe(glob, onMatch),
    );
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async check(): Promise<void> {
    if (!this.#publisher.isReady || !this.#subscriber.isReady) throw busUnavailable('no connection to Redis');
    await withAnswerDeadline(Promise.all([this.#publisher.ping(), this.#subscriber.ping()]));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#upListeners.length = 0;
    // Commands are answered in order: after this reply, Redis has received every published message.
    if (this.#publisher.isReady) await withAnswerDeadline(this.#publisher.ping()).catch(() => undefined);
    for (const client of [this.#publisher, this.#subscriber]) client.destroy();
  }

  /**
   * Opens new connections if one is dead, or leads to a Redis that is no longer the primary, where messages would reach no
   * other replica. Subscriptions are restored.
   */
  async #probe(): Promise<void> {
    while (!this.#closed) {
      await delay(probePeriodMs, undefined, { ref: false });
      if (this.#closed || !this.#publisher.isReady || !this.#subscriber.isReady) continue;
      if (await this.#answers()) continue;
      this.#wasDown = true;
      for (const client of [this.#publisher, this.#subscriber]) {
        client.destroy();
        client.connect().catch(() => undefined);
      }
    }
  }

  async #answers(): Promise<boolean> {
    const write = this.#publisher.set(probeKey, '1', { expiration: { type: 'PX', value: probeLifeMs } });
    try {
      await withDeadline(Promise.all([write, this.#subscriber.ping()]), probeTimeoutMs, rejectLate);
      return true;
    } catch (error) {
      return this.#closed || !needsNewConnection(error);
    }
  }

  /** The client subscribes to its channels again before it is ready. */
  #ready(): void {
    if (!this.#wasDown || !this.#publisher.isReady || !this.#subscriber.isReady) return;
    this.#wasDown = false;
    this.#notifyUp();
  }

  #notifyUp(): void {
    for (const listener of this.#upListeners) listener();
  }

  /** The client restores confirmed subscriptions after a reconnect. It forgets those that were pending when the connection broke; they are retried here. */
  #keepFollowing(subscribe: () => Promise<void>, unsubscribe: () => Promise<void>): FollowedPattern {
    let isStopped = false;
    // Rejects if the connection broke, which also ends the subscription.
    const stop = (): void => void unsubscribe().catch(() => undefined);
    const follow = async (): Promise<void> => {
      for (let isFirst = true; !this.#closed && !isStopped; isFirst = false) {
        try {
          await subscribe();
          if (isStopped) stop();
          // The connection was restored before this subscription: messages in between were missed.
          else if (!isFirst) this.#notifyUp();
          return;
        } catch {
          await delay(followAgainMs, undefined, { ref: false });
        }
      }
    };
    return {
      ready: follow(),
      stop() {
        isStopped = true;
        stop();
      },
    };
  }
}
