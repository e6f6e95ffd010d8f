import { ConnectionOrder, isBefore } from './connection-order.ts';
import type { Arrival } from './connection-order.ts';

/** How replicas tell each other that a connection has arrived. */
export interface ArrivalNews {
  publish(owner: string, arrival: Arrival): void;
  /** One subscription for all owners, before any connection: a subscription per connection could miss a simultaneous arrival. */
  subscribe(onArrival: (owner: string, arrival: Arrival) => void): void;
  /** Calls the listener when news may have been missed. */
  onHealed(listener: () => void): void;
}

/**
 * Connections of which each owner (a user, a session) keeps one: the newest, on whichever replica it is. Arrivals are announced, and announced again
 * after an outage of the bus, so two that arrived during the outage do not both stay.
 */
export class NewestConnections<Held> {
  readonly #news: ArrivalNews;
  readonly #order: ConnectionOrder;
  readonly #onReplaced: (held: Held, owner: string) => Promise<void>;
  readonly #own = new Map<string, Map<Held, Arrival>>();

  /** @param sharedNow the clock that the replicas share: news that an outage held back cannot correct the order */
  constructor(news: ArrivalNews, sharedNow: () => number, onReplaced: (held: Held, owner: string) => Promise<void>) {
    this.#news = news;
    this.#order = new ConnectionOrder(sharedNow);
    this.#onReplaced = onReplaced;
    news.subscribe((owner, arrival) => {
      this.#order.seen(arrival);
      void this.replaceBefore(owner, arrival);
    });
    news.onHealed(() => this.#announceAll());
  }

  /** Announces a connection. Replace the owner's earlier ones on this replica with `replaceBefore`. */
  open(owner: string, held: Held): Arrival {
    const arrival = this.#order.next();
    const own = this.#own.get(owner) ?? new Map<Held, Arrival>();
    this.#own.set(owner, own.set(held, arrival));
    this.#news.publish(owner, arrival);
    return arrival;
  }

  close(owner: string, held: Held): void {
    const own = this.#own.get(owner);
    own?.delete(held);
    if (own?.size === 0) this.#own.delete(owner);
  }

  /** Connections to this replica. */
  of(owner: string): readonly Held[] {
    return [...(this.#own.get(owner)?.keys() ?? [])];
  }

  has(owner: string, held: Held): boolean {
    return this.#own.get(owner)?.has(held) ?? false;
  }

  /** Owners that have a connection to this replica. */
  owners(): readonly string[] {
    return [...this.#own.keys()];
  }

  /** Resolves when the owner's earlier connections to this replica have been replaced. */
  async replaceBefore(owner: string, newer: Arrival): Promise<void> {
    const replaced: Promise<void>[] = [];
    for (const [held, arrival] of this.#own.get(owner) ?? []) {
      if (isBefore(arrival, newer)) replaced.push(this.#onReplaced(held, owner));
    }
    if (replaced.length > 0) await Promise.all(replaced);
  }

  #announceAll(): void {
    for (const [owner, own] of this.#own) for (const arrival of own.values()) this.#news.publish(owner, arrival);
  }
}
