import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import { ConnectionOrder, isBefore } from '../realtime/connection-order.ts';
import type { Arrival } from '../realtime/connection-order.ts';
import type { Roster } from '../replicas/roster.ts';

/** One proctor's connection, as all replicas list it. */
export interface AlertsConnection {
  userId: string;
  /** Its place in the order of arrival, server clock, milliseconds since the Unix epoch; 0 if its replica does not report it. */
  arrivedMs: number;
  /** Server clock, milliseconds since the Unix epoch. */
  lastHeartbeatMs: number;
}

interface OwnConnection {
  userId: string;
  arrival: Arrival;
  onReplaced: () => void;
}

/** An open connection. */
export interface OpenAlertsConnection {
  /** The client sent a message. */
  beat(): void;
  close(): void;
}

/**
 * Keeps one alerts connection per user: the newest, on whichever replica it is. An arrival is announced on the bus; if the announcement is
 * lost, the connection still appears in the replicas' shared list.
 */
export class AlertConnections {
  readonly #bus: Bus;
  readonly #roster: Roster<AlertsConnection>;
  readonly #order: ConnectionOrder;
  readonly #now: () => number;
  readonly #own = new Map<string, OwnConnection>();
  #connected: Set<string> | null = null;

  constructor(bus: Bus, roster: Roster<AlertsConnection>, now: () => number) {
    this.#bus = bus;
    this.#roster = roster;
    this.#order = new ConnectionOrder(now);
    this.#now = now;
    // One subscription for all users, before anybody connects: a subscription per connection could miss a simultaneous arrival.
    bus.subscribe(topics.alertsArrival, [anyWord], ({ at_ms: atMs, id, user_id: userId }) => {
      this.#order.seen({ atMs });
      if (userId !== undefined) this.#replaceBefore(userId, { atMs, id });
    });
    roster.onChange(() => this.#compare());
  }

  /** @param onReplaced called once a newer connection of the user exists */
  open(userId: string, onReplaced: () => void): OpenAlertsConnection {
    const arrival = this.#order.next();
    const beat = (): void =>
      this.#roster.set(arrival.id, { userId, arrivedMs: arrival.atMs, lastHeartbeatMs: this.#now() });
    this.#own.set(arrival.id, { userId, arrival, onReplaced });
    this.#bus.publish(topics.alertsArrival, [userId], { user_id: userId, at_ms: arrival.atMs, id: arrival.id });
    beat();
    return {
      beat,
      close: () => {
        this.#own.delete(arrival.id);
        this.#roster.delete(arrival.id);
      },
    };
  }

  /** Whether the user has a connection on any replica. */
  isConnected(userId: string): boolean {
    this.#connected ??= new Set(this.#roster.all().map(({ entry }) => entry.userId));
    return this.#connected.has(userId);
  }

  #compare(): void {
    this.#connected = null;
    if (this.#own.size === 0) return;
    const newest = new Map<string, Arrival>();
    for (const { key, entry } of this.#roster.all()) {
      const arrival = { atMs: entry.arrivedMs, id: key };
      const known = newest.get(entry.userId);
      if (known === undefined || isBefore(known, arrival)) newest.set(entry.userId, arrival);
    }
    for (const { userId } of this.#own.values()) {
      const arrival = newest.get(userId);
      if (arrival !== undefined) this.#replaceBefore(userId, arrival);
    }
  }

  #replaceBefore(userId: string, newer: Arrival): void {
    for (const [id, own] of this.#own) {
      if (own.userId !== userId || !isBefore(own.arrival, newer)) continue;
      this.#own.delete(id);
      own.onReplaced();
    }
  }
}
