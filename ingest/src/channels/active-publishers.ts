import { closeCodes } from '@invigil/protocol/channels';
import type { Bus } from '../bus/bus.ts';
import { anyWord } from '../bus/subject.ts';
import { topics } from '../bus/topics.ts';
import type { Connection } from '../realtime/connection.ts';
import { NewestConnections } from '../realtime/newest-connections.ts';
import type { ArrivalNews } from '../realtime/newest-connections.ts';

const newsOn = (bus: Bus): ArrivalNews => ({
  publish: (sessionId, { atMs, id }) =>
    bus.publish(topics.sessionPublisher, [sessionId], { session_id: sessionId, at_ms: atMs, id }),
  subscribe: (onArrival) =>
    void bus.subscribe(topics.sessionPublisher, [anyWord], ({ session_id: sessionId, at_ms: atMs, id }) =>
      onArrival(sessionId, { atMs, id }),
    ),
  onHealed: (listener) => void bus.onHealed(listener),
});

/**
 * The connections that sent `hello`, and so number their sessions' frames. Two that number the same session would give the
 * same number to different frames, so the newest replaces the others, on every replica.
 */
export class ActivePublishers {
  readonly #connections: NewestConnections<Connection>;

  /** @param sharedNow the clock that the replicas share: after an outage of the bus, their connections are ordered by it alone */
  constructor(bus: Bus, sharedNow: () => number) {
    this.#connections = new NewestConnections(newsOn(bus), sharedNow, (connection) =>
      connection.retire(closeCodes.replaced),
    );
  }

  /** Resolves when earlier connections on this replica have answered their messages. */
  async take(sessionId: string, connection: Connection): Promise<void> {
    if (this.#connections.has(sessionId, connection)) return;
    await this.#connections.replaceBefore(sessionId, this.#connections.open(sessionId, connection));
  }

  /** Connections to this replica. */
  of(sessionId: string): readonly Connection[] {
    return this.#connections.of(sessionId);
  }

  /** Sessions that have such a connection to this replica. */
  sessions(): readonly string[] {
    return this.#connections.owners();
  }

  /** The connection is closed. */
  leave(sessionId: string, connection: Connection): void {
    this.#connections.close(sessionId, connection);
  }
}
