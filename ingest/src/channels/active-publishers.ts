import { closeCodes } from '@invigil/protocol/channels';
import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import type { Connection } from '../realtime/connection.ts';
import { ConnectionOrder, isBefore } from './connection-order.ts';
import type { Turn } from './connection-order.ts';

/**
 * The connections that number the frames of their sessions: those that said `hello`. Two that number the same session would give the
 * same numbers to different frames, so the newest replaces the others, on every replica.
 */
export class ActivePublishers {
  readonly #bus: Bus;
  readonly #turns: ConnectionOrder;
  readonly #senders = new Map<string, Map<Connection, Turn>>();

  constructor(bus: Bus, now: () => number) {
    this.#bus = bus;
    this.#turns = new ConnectionOrder(now);
    bus.subscribe(topics.sessionSender, [anyWord], ({ session_id: sessionId, at_ms: atMs, id }) => {
      void this.#replace(sessionId, { atMs, id });
    });
  }

  /** Resolves when the earlier ones of this replica have nothing in work any more. */
  async take(sessionId: string, connection: Connection): Promise<void> {
    const senders = this.#senders.get(sessionId) ?? new Map<Connection, Turn>();
    if (senders.has(connection)) return;
    const turn = this.#turns.next();
    this.#senders.set(sessionId, senders.set(connection, turn));
    this.#bus.publish(topics.sessionSender, [sessionId], {
      session_id: sessionId,
      at_ms: turn.atMs,
      id: turn.id,
    });
    await this.#replace(sessionId, turn);
  }

  /** Those of this replica. */
  of(sessionId: string): readonly Connection[] {
    return [...(this.#senders.get(sessionId)?.keys() ?? [])];
  }

  /** Sessions that have such connections here. */
  sessions(): readonly string[] {
    return [...this.#senders.keys()];
  }

  /** The connection is gone. */
  leave(sessionId: string, connection: Connection): void {
    const senders = this.#senders.get(sessionId);
    senders?.delete(connection);
    if (senders?.size === 0) this.#senders.delete(sessionId);
  }

  async #replace(sessionId: string, newer: Turn): Promise<void> {
    const earlier = [...(this.#senders.get(sessionId) ?? [])].filter(([, turn]) => isBefore(turn, newer));
    await Promise.all(earlier.map(([connection]) => connection.retire(closeCodes.replaced)));
  }
}
