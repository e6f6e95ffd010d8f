import { closeCodes } from '@invigil/protocol/channels';
import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import type { Connection } from '../realtime/connection.ts';
import { ConnectionOrder, isBefore } from '../realtime/connection-order.ts';
import type { Arrival } from '../realtime/connection-order.ts';

/**
 * The connections that sent `hello`, and so number their sessions' frames. Two that number the same session would give the
 * same number to different frames, so the newest replaces the others, on every replica.
 */
export class ActivePublishers {
  readonly #bus: Bus;
  readonly #order: ConnectionOrder;
  readonly #publishers = new Map<string, Map<Connection, Arrival>>();

  constructor(bus: Bus, now: () => number) {
    this.#bus = bus;
    this.#order = new ConnectionOrder(now);
    bus.subscribe(topics.sessionPublisher, [anyWord], ({ session_id: sessionId, at_ms: atMs, id }) => {
      this.#order.seen({ atMs });
      void this.#replace(sessionId, { atMs, id });
    });
  }

  /** Resolves when earlier connections on this replica have answered their messages. */
  async take(sessionId: string, connection: Connection): Promise<void> {
    const publishers = this.#publishers.get(sessionId) ?? new Map<Connection, Arrival>();
    if (publishers.has(connection)) return;
    const arrival = this.#order.next();
    this.#publishers.set(sessionId, publishers.set(connection, arrival));
    this.#bus.publish(topics.sessionPublisher, [sessionId], {
      session_id: sessionId,
      at_ms: arrival.atMs,
      id: arrival.id,
    });
    await this.#replace(sessionId, arrival);
  }

  /** Connections to this replica. */
  of(sessionId: string): readonly Connection[] {
    return [...(this.#publishers.get(sessionId)?.keys() ?? [])];
  }

  /** Sessions that have such a connection to this replica. */
  sessions(): readonly string[] {
    return [...this.#publishers.keys()];
  }

  /** The connection is closed. */
  leave(sessionId: string, connection: Connection): void {
    const publishers = this.#publishers.get(sessionId);
    publishers?.delete(connection);
    if (publishers?.size === 0) this.#publishers.delete(sessionId);
  }

  async #replace(sessionId: string, newer: Arrival): Promise<void> {
    const earlier = [...(this.#publishers.get(sessionId) ?? [])].filter(([, arrival]) => isBefore(arrival, newer));
    await Promise.all(earlier.map(([connection]) => connection.retire(closeCodes.replaced)));
  }
}
