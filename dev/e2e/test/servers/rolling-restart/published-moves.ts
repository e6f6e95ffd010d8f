import { anyWord, createMetrics, openBus, OutageLog, topics } from '@invigil/ingest/testing';
import type { RecordsDatabase } from '@invigil/ingest/testing';
import { pino } from 'pino';

const log = pino({ level: 'silent' });

/** Everything that the replicas publish about the agents of a classroom. */
export class PublishedMoves {
  /** `<label> <agent> <session number>` of each event, in the order received. */
  readonly events: string[] = [];
  /** How often each agent was taken over by another replica, without an event. */
  readonly #takeovers = new Map<string, number>();
  readonly #bus: ReturnType<typeof openBus>;
  readonly #classroomId: string;

  private constructor(redisUrl: string, classroomId: string) {
    this.#classroomId = classroomId;
    this.#bus = openBus({
      location: { redisUrl, natsUrl: null, busPrefix: '' },
      replicaId: 'test',
      metrics: createMetrics(),
      outages: new OutageLog(log, Date.now),
      log,
    });
  }

  static async follow(redisUrl: string, classroomId: string): Promise<PublishedMoves> {
    const moves = new PublishedMoves(redisUrl, classroomId);
    await moves.#subscribe();
    return moves;
  }

  async #subscribe(): Promise<void> {
    const events = this.#bus.subscribe(topics.classroom, [this.#classroomId, anyWord], (event) => {
      if (event.sequence_id !== undefined) this.events.push(`${event.label} ${event.sender_id} ${event.sequence_id}`);
    });
    const takeovers = this.#bus.subscribe(topics.agentReplace, [anyWord], ({ agentId }) =>
      this.#takeovers.set(agentId, (this.#takeovers.get(agentId) ?? 0) + 1),
    );
    await Promise.all([events.ready, takeovers.ready]);
  }

  /**
   * Compares the events with the records after every agent has left.
   * @returns arrivals and departures that were not published although they should have been, and those published more than once
   */
  async problems(database: RecordsDatabase): Promise<{ missing: string[]; repeated: string[] }> {
    const rows = await database.run((db) =>
      db
        .selectFrom('agent_session_history')
        .select(['agent_id', 'sequence_id'])
        .where('classroom_id', '=', this.#classroomId)
        .orderBy('sequence_id')
        .execute(),
    );
    const published = new Set(this.events);
    const missing: string[] = [];
    const silent = new Map<string, number>();
    for (const { agent_id: agentId, sequence_id: sequenceId } of rows) {
      if (!published.has(`agent.enter ${agentId} ${sequenceId}`)) missing.push(`agent.enter ${agentId} ${sequenceId}`);
      if (published.has(`agent.leave ${agentId} ${sequenceId}`)) continue;
      // A departure is silent only if another replica took the agent over.
      const count = (silent.get(agentId) ?? 0) + 1;
      silent.set(agentId, count);
      if (count > (this.#takeovers.get(agentId) ?? 0)) missing.push(`agent.leave ${agentId} ${sequenceId}`);
    }
    return { missing, repeated: this.events.filter((event, at) => this.events.indexOf(event) !== at) };
  }

  close(): Promise<void> {
    return this.#bus.close();
  }
}
