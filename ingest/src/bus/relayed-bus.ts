import { randomUUID } from 'node:crypto';
import type { Bus, BusHandler, BusMessage, Subscription } from './bus.ts';
import type { BusLink, FollowedPattern } from './bus-link.ts';
import { isMatch } from './subject.ts';

interface Followed extends FollowedPattern {
  handlers: Set<BusHandler>;
}

const healedSubject = 'bus.healed';

/** Delivers to this replica's own handlers directly, so they do not depend on the link, and to the others over the link. */
export class RelayedBus implements Bus {
  readonly #replica = randomUUID();
  readonly #link: BusLink;
  readonly #onError: (error: unknown) => void;
  readonly #onPassed: (way: 'published' | 'received' | 'dropped') => void;
  readonly #followed = new Map<string, Followed>();
  readonly #healed = new Set<() => void>();

  /** @param onPassed called for each message, with what became of it */
  constructor(
    link: BusLink,
    onError: (error: unknown) => void,
    onPassed: (way: 'published' | 'received' | 'dropped') => void = () => undefined,
  ) {
    this.#link = link;
    this.#onError = onError;
    this.#onPassed = onPassed;
    // Whoever was cut off may have published in vain, so the others read their state again as well.
    link.onUp(() => {
      this.#tellHealed();
      this.#send(healedSubject, {});
    });
    link.follow(healedSubject, (_subject, text) => {
      if (this.#read(text) !== null) this.#tellHealed();
    });
  }

  publish(subject: string, message: BusMessage): void {
    this.#send(subject, message);
    queueMicrotask(() => {
      for (const [pattern, { handlers }] of this.#followed) {
        if (isMatch(pattern, subject)) this.#deliver(handlers, subject, message);
      }
    });
  }

  subscribe(pattern: string, handler: BusHandler): Subscription {
    // Each subscription has a handler of its own, so that subscribing twice with one function is two subscriptions.
    const own: BusHandler = (message, subject) => handler(message, subject);
    const followed = this.#followed.get(pattern) ?? this.#follow(pattern);
    followed.handlers.add(own);
    return {
      ready: followed.ready,
      close: () => {
        followed.handlers.delete(own);
        if (followed.handlers.size > 0 || this.#followed.get(pattern) !== followed) return;
        this.#followed.delete(pattern);
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
    this.#healed.clear();
    return this.#link.close();
  }

  #follow(pattern: string): Followed {
    const handlers = new Set<BusHandler>();
    const { ready, stop } = this.#link.follow(pattern, (subject, text) => {
      const message = this.#read(text);
      if (message !== null) this.#deliver(handlers, subject, message);
    });
    const followed = { handlers, ready, stop };
    this.#followed.set(pattern, followed);
    return followed;
  }

  #send(subject: string, message: BusMessage): void {
    const isSent = this.#link.publish(subject, JSON.stringify({ from: this.#replica, message }));
    this.#onPassed(isSent ? 'published' : 'dropped');
  }

  /** Null for what this replica sent itself: its handlers have it already. */
  #read(text: string): BusMessage | null {
    try {
      const { from, message } = JSON.parse(text) as { from: string; message: BusMessage };
      if (from === this.#replica) return null;
      this.#onPassed('received');
      return message;
    } catch (error) {
      this.#onError(error);
      return null;
    }
  }

  #deliver(handlers: ReadonlySet<BusHandler>, subject: string, message: BusMessage): void {
    for (const handler of handlers) {
      try {
        handler(message, subject);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  #tellHealed(): void {
    for (const listener of this.#healed) {
      try {
        listener();
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
