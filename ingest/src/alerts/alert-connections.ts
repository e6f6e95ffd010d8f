import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import { isBefore } from '../realtime/connection-order.ts';
import type { Arrival } from '../realtime/connection-order.ts';
import { NewestConnections } from '../realtime/newest-connections.ts';
import type { ArrivalNews } from '../realtime/newest-connections.ts';
import type { Roster } from '../replicas/roster.ts';

/** One proctor's connection, as all replicas list it. */
export interface AlertsConnection {
  userId: string;
  /** Its place in the order of arrival, the replicas' shared clock, milliseconds since the Unix epoch; 0 if its replica does not report it. */
  arrivedMs: number;
  /** Server clock, milliseconds since the Unix epoch. */
  lastHeartbeatMs: number;
}

interface OwnConnection {
  onReplaced: () => void;
}

/** An open connection. */
export interface OpenAlertsConnection {
  /** The client sent a message. */
  beat(): void;
  close(): void;
}

const newsOn = (bus: Bus): ArrivalNews => ({
  publish: (userId, { atMs, id }) => bus.publish(topics.alertsArrival, [userId], { user_id: userId, at_ms: atMs, id }),
  subscribe: (onArrival) =>
    void bus.subscribe(topics.alertsArrival, [anyWord], ({ at_ms: atMs, id, user_id: userId = '' }) =>
      onArrival(userId, { atMs, id }),
    ),
  onHealed: (listener) => void bus.onHealed(listener),
});

/**
 * Keeps one alerts connection per user: the newest, on whichever replica it is. An arrival is announced on the bus; if the announcement is
 * lost, the connection still appears in the replicas' shared list.
 */
export class AlertConnections {
  readonly #roster: Roster<AlertsConnection>;
  readonly #now: () => number;
  readonly #own: NewestConnections<OwnConnection>;
  #connected: Set<string> | null = null;

  /** @param sharedNow the clock that the replicas share, by which connections are ordered */
  constructor(bus: Bus, roster: Roster<AlertsConnection>, now: () => number, sharedNow: () => number) {
    this.#roster = roster;
    this.#now = now;
    this.#own = new NewestConnections(newsOn(bus), sharedNow, async (own, userId) => {
      this.#own.close(userId, own);
      own.onReplaced();
    });
    roster.onChange(() => this.#compare());
  }

  /** @param onReplaced called once a newer connection of the user exists */
  open(userId: string, onReplaced: () => void): OpenAlertsConnection {
    const own: OwnConnection = { onReplaced };
    const { atMs, id } = this.#own.open(userId, own);
    const beat = (): void => this.#roster.set(id, { userId, arrivedMs: atMs, lastHeartbeatMs: this.#now() });
    beat();
    return {
      beat,
      close: () => {
        this.#own.close(userId, own);
        this.#roster.delete(id);
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
    if (this.#own.owners().length === 0) return;
    const newest = new Map<string, Arrival>();
    for (const { key, entry } of this.#roster.all()) {
      const arrival = { atMs: entry.arrivedMs, id: key };
      const known = newest.get(entry.userId);
      if (known === undefined || isBefore(known, arrival)) newest.set(entry.userId, arrival);
    }
    for (const userId of this.#own.owners()) {
      const arrival = newest.get(userId);
      if (arrival !== undefined) void this.#own.replaceBefore(userId, arrival);
    }
  }
}
