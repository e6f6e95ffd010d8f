import type { BusLink, FollowedPattern } from './bus-link.ts';
import { PatternIndex } from './pattern-index.ts';
import { hasWildcard } from './subject.ts';
import { decode, encode, isFrom } from './wire-text.ts';

/** `local`: published by this replica, `remote`: by another one. */
export type MessageOrigin = 'local' | 'remote';
export type RelayHandler = (message: unknown, origin: MessageOrigin) => void;

export interface RelaySubscription {
  /** Resolves once messages from every replica arrive. Stays pending while the link is down; never rejects. */
  readonly ready: Promise<void>;
  close(): void;
}

interface Followed extends FollowedPattern {
  handlers: Set<RelayHandler>;
}

const healedSubject = 'bus.healed';

/**
 * Moves JSON objects between the replicas: directly to this replica's own handlers, so that they do not depend on the link, and over
 * the link to the others.
 */
export class MessageRelay {
  readonly #replicaId: string;
  readonly #link: BusLink;
  readonly #onError: (error: unknown) => void;
  readonly #onPassed: (way: 'published' | 'received' | 'dropped') => void;
  readonly #followed = new Map<string, Followed>();
  /** Those with wildcards; all others are found by the subject itself. */
  readonly #wild = new PatternIndex<Followed>();
  readonly #healed = new Set<() => void>();
  /** Messages dropped before the first connection are not counted: the server is still starting. */
  #hasBeenUp = false;

  /** @param onPassed called for each message with its outcome, except for those published before the link is first up */
  constructor(
    replicaId: string,
    link: BusLink,
    onError: (error: unknown) => void,
    onPassed: (way: 'published' | 'received' | 'dropped') => void = () => undefined,
  ) {
    this.#replicaId = replicaId;
    this.#link = link;
    this.#onError = onError;
    this.#onPassed = onPassed;
    // This replica's messages were lost too while it was cut off, so the others also read their state again.
    link.onUp(() => {
      this.#notifyHealed();
      this.#send(healedSubject, {});
    });
    const { ready } = link.follow(healedSubject, (subject, text) => {
      if (this.#read(subject, text) !== null) this.#notifyHealed();
    });
    void ready.then(() => (this.#hasBeenUp = true));
  }

  publish(subject: string, message: object): void {
    this.#send(subject, message);
    queueMicrotask(() => {
      const exact = this.#followed.get(subject);
      if (exact !== undefined) this.#deliver(exact.handlers, message, 'local');
      for (const { handlers } of this.#wild.matching(subject)) this.#deliver(handlers, message, 'local');
    });
  }

  subscribe(pattern: string, handler: RelayHandler): RelaySubscription {
    // Wrap the handler, so that subscribing the same function twice makes two subscriptions.
    const own: RelayHandler = (message, origin) => handler(message, origin);
    const followed = this.#followed.get(pattern) ?? this.#follow(pattern);
    followed.handlers.add(own);
    return {
      ready: followed.ready,
      close: () => {
        followed.handlers.delete(own);
        if (followed.handlers.size > 0 || this.#followed.get(pattern) !== followed) return;
        this.#followed.delete(pattern);
        if (hasWildcard(pattern)) this.#wild.delete(pattern);
        followed.stop();
      },
    };
  }

  onHealed(listener: () => void): () => void {
    const own = (): void => listener();
    this.#healed.add(own);
    return () => this.#healed.delete(own);
  }

  check(): Promise<void> {
    return this.#link.check();
  }

  close(): Promise<void> {
    this.#followed.clear();
    this.#wild.clear();
    this.#healed.clear();
    return this.#link.close();
  }

  #follow(pattern: string): Followed {
    const handlers = new Set<RelayHandler>();
    const { ready, stop } = this.#link.follow(pattern, (subject, text) => {
      const message = this.#read(subject, text);
      if (message !== null) this.#deliver(handlers, message, 'remote');
    });
    const followed = { handlers, ready, stop };
    this.#followed.set(pattern, followed);
    if (hasWildcard(pattern)) this.#wild.set(pattern, followed);
    return followed;
  }

  #send(subject: string, message: object): void {
    const link = this.#link;
    const isSent = link.isLocal || link.publish(subject, encode(this.#replicaId, subject, message));
    if (isSent || this.#hasBeenUp) this.#onPassed(isSent ? 'published' : 'dropped');
  }

  /** Null for this replica's own messages, which its handlers already have. */
  #read(subject: string, text: string): object | null {
    // A bus returns most messages to the replica that sent them: parsing them would cost as much as sending them.
    if (isFrom(this.#replicaId, subject, text)) return null;
    const received = decode(subject, text);
    if (received === null) {
      // Not the parser's own error, because it quotes the message.
      this.#onError(new TypeError('a message on the bus is not JSON of the documented form'));
      return null;
    }
    if (received.from === this.#replicaId) return null;
    this.#onPassed('received');
    return received.message;
  }

  #deliver(handlers: ReadonlySet<RelayHandler>, message: object, origin: MessageOrigin): void {
    for (const handler of handlers) {
      try {
        handler(message, origin);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #notifyHealed(): void {
    for (const listener of this.#healed) {
      try {
        listener();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
