import { createClient } from 'redis';
import { busUnavailable } from '../ingest-error.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { isMatch } from './subject.ts';

/** Apart from other programs' channels in the same Redis. */
const prefix = 'invigil:bus:';
const connectTimeoutMs = 3000;
const pingIntervalMs = 5000;
const maxReconnectDelayMs = 2000;

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

  constructor(url: string) {
    const socket = {
      connectTimeout: connectTimeoutMs,
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, maxReconnectDelayMs),
    };
    // What cannot be sent now is dropped: delivered late it would be old news.
    this.#publisher = createClient({ url, socket, pingInterval: pingIntervalMs, disableOfflineQueue: true });
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
      return {
        ready: settled(this.#subscriber.subscribe(channel, onMessage)),
        stop: () => void settled(this.#subscriber.unsubscribe(channel, onMessage)),
      };
    }
    // A `*` of Redis also matches dots, so what arrives is looked at again.
    const glob = channel.replace(/>$/, '*');
    const onFitting = (text: string, found: string): void => {
      if (isMatch(pattern, found.slice(prefix.length))) onMessage(text, found);
    };
    return {
      ready: settled(this.#subscriber.pSubscribe(glob, onFitting)),
      stop: () => void settled(this.#subscriber.pUnsubscribe(glob, onFitting)),
    };
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async check(): Promise<void> {
    if (!this.#publisher.isReady || !this.#subscriber.isReady) throw busUnavailable('no connection to Redis');
    try {
      await Promise.all([this.#publisher.ping(), this.#subscriber.ping()]);
    } catch (error) {
      throw busUnavailable(error);
    }
  }

  async close(): Promise<void> {
    this.#upListeners.length = 0;
    for (const client of [this.#publisher, this.#subscriber]) client.destroy();
  }

  /** The client follows its channels again before it is ready. */
  #ready(): void {
    if (!this.#wasDown || !this.#publisher.isReady || !this.#subscriber.isReady) return;
    this.#wasDown = false;
    for (const listener of this.#upListeners) listener();
  }
}

/** Rejected only when the client was closed before the answer came: then nobody waits for it any more. */
const settled = (work: Promise<void>): Promise<void> => work.catch(() => undefined);
