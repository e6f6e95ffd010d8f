import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'redis';
import { IngestError, busUnavailable } from '../model/ingest-error.ts';
import { withDeadline } from '../time/with-deadline.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { isMatch } from './subject.ts';

/** Apart from other programs' channels in the same Redis. */
const prefix = 'invigil:bus:';
const connectTimeoutMs = 3000;
const pingIntervalMs = 5000;
const maxReconnectDelayMs = 2000;
const followAgainMs = 100;
const checkTimeoutMs = 2000;
/** Far above what is on its way to a Redis that answers. */
const maxQueuedMessages = 50_000;

type Client = ReturnType<typeof createClient>;

/**
 * Redis pub/sub. A subscriber that reads too slowly is disconnected by Redis (`client-output-buffer-limit pubsub`) and comes back
 * as after any other loss.
 */
export const redisLink = (url: string): BusLink => new RedisLink(url);

class RedisLink implements BusLink {
  readonly #publisher: Client;
  readonly #subscriber: Client;
  readonly #upListeners: (() => void)[] = [];
  #wasDown = false;
  #closed = false;

  constructor(url: string) {
    const socket = {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, maxReconnectDelayMs),
    };
    // What cannot be sent now is dropped: delivered late it would be old news.
    this.#publisher = createClient({
      url,
      socket,
      pingInterval: pingIntervalMs,
      disableOfflineQueue: true,
      commandsQueueMaxLength: maxQueuedMessages,
    });
    this.#subscriber = createClient({ url, socket, pingInterval: pingIntervalMs });
    for (const client of [this.#publisher, this.#subscriber]) {
      // The client comes back by itself; `check` tells of it in the meantime.
      client.on('error', () => (this.#wasDown = true));
      client.on('ready', () => this.#ready());
      client.connect().catch(() => undefined);
    }
  }

  publish(subject: string, text: string): boolean {
    if (!this.#publisher.isReady) return false;
    this.#publisher.publish(prefix + subject, text).catch(() => (this.#wasDown = true));
    return true;
  }

  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern {
    const onMessage = (text: string, channel: string): void => receive(channel.slice(prefix.length), text);
    const channel = prefix + pattern;
    if (!/[*>]/.test(pattern)) {
      return this.#keepFollowing(
        () => this.#subscriber.subscribe(channel, onMessage),
        () => this.#subscriber.unsubscribe(channel, onMessage),
      );
    }
    // A `*` of Redis also matches dots, so what arrives is looked at again.
    const glob = channel.replace(/>$/, '*');
    const onFitting = (text: string, found: string): void => {
      if (isMatch(pattern, found.slice(prefix.length))) onMessage(text, found);
    };
    return this.#keepFollowing(
      () => this.#subscriber.pSubscribe(glob, onFitting),
      () => this.#subscriber.pUnsubscribe(glob, onFitting),
    );
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async check(): Promise<void> {
    if (!this.#publisher.isReady || !this.#subscriber.isReady) throw busUnavailable('no connection to Redis');
    try {
      // A Redis that hangs keeps its connections open.
      await withDeadline(Promise.all([this.#publisher.ping(), this.#subscriber.ping()]), checkTimeoutMs, () => {
        throw busUnavailable('no answer in time');
      });
    } catch (error) {
      throw error instanceof IngestError ? error : busUnavailable(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#upListeners.length = 0;
    for (const client of [this.#publisher, this.#subscriber]) client.destroy();
  }

  /** The client follows its channels again before it is ready. */
  #ready(): void {
    if (!this.#wasDown || !this.#publisher.isReady || !this.#subscriber.isReady) return;
    this.#wasDown = false;
    this.#tellUp();
  }

  #tellUp(): void {
    for (const listener of this.#upListeners) listener();
  }

  /** The client follows again what was confirmed to it. What was asked for as the connection broke it forgets: that is asked for again here. */
  #keepFollowing(subscribe: () => Promise<void>, unsubscribe: () => Promise<void>): FollowedPattern {
    let isStopped = false;
    // Rejected when the connection broke, which ends it too.
    const stop = (): void => void unsubscribe().catch(() => undefined);
    const follow = async (): Promise<void> => {
      for (let isFirst = true; !this.#closed && !isStopped; isFirst = false) {
        try {
          await subscribe();
          if (isStopped) stop();
          // The connection was back before this was: what came in between was missed.
          else if (!isFirst) this.#tellUp();
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
