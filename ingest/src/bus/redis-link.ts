import { setTimeout as delay } from 'node:timers/promises';
import { busUnavailable } from '../model/ingest-error.ts';
import { acceptedRedisNodes } from '../redis/redis-nodes.ts';
import { withAnswerDeadline } from './answer-deadline.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { RedisConnections } from './redis-connections.ts';
import type { RedisConnection } from './redis-connections.ts';
import { hasWildcard, matcherOf } from './subject.ts';
import { wireNames } from './wire-names.ts';
import type { WireNames } from './wire-names.ts';

/** Separates the replicas' own channels from those of other programs that use the same Redis. */
const ownPrefix = 'invigil:bus:';
const followAgainMs = 100;

interface Subscription {
  subscribe(subscriber: RedisConnection): Promise<void>;
  unsubscribe(subscriber: RedisConnection): Promise<void>;
}

/**
 * Redis pub/sub, of a single Redis or of a cluster. A subscriber that reads too slowly is disconnected by Redis
 * (`client-output-buffer-limit pubsub`), then reconnects as after any other loss.
 *
 * @param url one URL, or the nodes of a cluster; see `redisNodes`
 */
export const redisLink = (url: string, prefix = ''): BusLink => new RedisLink(url, wireNames(prefix, ownPrefix));

class RedisLink implements BusLink {
  readonly isLocal = false;
  readonly #names: WireNames;
  readonly #connections: RedisConnections;
  /** Subscribes again. */
  readonly #followed = new Set<() => Promise<void>>();
  readonly #upListeners: (() => void)[] = [];

  constructor(url: string, names: WireNames) {
    this.#names = names;
    this.#connections = new RedisConnections(
      acceptedRedisNodes(url),
      () => this.#notifyUp(),
      () => Promise.all([...this.#followed].map((follow) => follow())),
    );
  }

  publish(subject: string, text: string): boolean {
    const { publisher } = this.#connections;
    if (!publisher.isReady) return false;
    publisher.publish(this.#names.nameOf(subject), text).catch(() => this.#connections.markDown());
    return true;
  }

  follow(pattern: string, receive: (subject: string, text: string) => void): FollowedPattern {
    const onMessage = (text: string, channel: string): void => receive(this.#names.subjectOf(channel), text);
    const channel = this.#names.nameOf(pattern);
    if (!hasWildcard(pattern)) {
      return this.#keepFollowing({
        subscribe: (subscriber) => subscriber.subscribe(channel, onMessage),
        unsubscribe: (subscriber) => subscriber.unsubscribe(channel, onMessage),
      });
    }
    // Redis lets `*` match dots, so each channel is checked again.
    const glob = channel.replace(/>$/, '*');
    const matches = matcherOf(pattern);
    const onMatch = (text: string, found: string): void => {
      const subject = this.#names.subjectOf(found);
      if (matches(subject.split('.'))) receive(subject, text);
    };
    return this.#keepFollowing({
      subscribe: (subscriber) => subscriber.pSubscribe(glob, onMatch),
      unsubscribe: (subscriber) => subscriber.pUnsubscribe(glob, onMatch),
    });
  }

  onUp(listener: () => void): void {
    this.#upListeners.push(listener);
  }

  async check(): Promise<void> {
    const { publisher, subscriber, areReady } = this.#connections;
    if (!areReady) throw busUnavailable('no connection to Redis');
    await withAnswerDeadline(Promise.all([publisher.ping(), subscriber.ping()]));
  }

  async close(): Promise<void> {
    this.#upListeners.length = 0;
    const { publisher } = this.#connections;
    // Commands are answered in order: after this reply, Redis has received every published message.
    if (publisher.isReady) await withAnswerDeadline(publisher.ping()).catch(() => undefined);
    this.#connections.close();
  }

  #notifyUp(): void {
    for (const listener of this.#upListeners) listener();
  }

  /** The client restores confirmed subscriptions after a reconnect. It forgets those that were pending when the connection broke; they are retried here. */
  #keepFollowing(subscription: Subscription): FollowedPattern {
    let isStopped = false;
    // Rejects if the connection broke, which also ends the subscription.
    const stop = (): void => void subscription.unsubscribe(this.#connections.subscriber).catch(() => undefined);
    const follow = async (): Promise<void> => {
      for (let isFirst = true; !this.#connections.isClosed && !isStopped; isFirst = false) {
        const { subscriber } = this.#connections;
        try {
          await subscription.subscribe(subscriber);
          if (subscriber !== this.#connections.subscriber) continue;
          if (isStopped) stop();
          // The connection was restored before this subscription: messages in between were missed.
          else if (!isFirst) this.#notifyUp();
          return;
        } catch {
          await delay(followAgainMs, undefined, { ref: false });
        }
      }
    };
    this.#followed.add(follow);
    return {
      ready: follow(),
      stop: () => {
        isStopped = true;
        this.#followed.delete(follow);
        stop();
      },
    };
  }
}
