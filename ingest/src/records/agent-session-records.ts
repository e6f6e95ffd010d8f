import type { RecordsDatabase } from './records-database.ts';

export interface AgentSession {
  /** Increases with each session of this server; lists are paged by it. */
  sequenceId: number;
  classroomId: string;
  agentId: string;
  replicaId: string;
}

export interface NewAgentSession {
  classroomId: string;
  agentId: string;
  replicaId: string;
  /** ISO 8601 */
  startedAt: string;
}

/** The agents that are in each classroom now, and the time ranges of earlier ones. */
export class AgentSessionRecords {
  readonly #database: RecordsDatabase;

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Creates the agent's session in the classroom; `isNew` is false if it existed already, and that one is returned. */
  enter({ classroomId, agentId, replicaId, startedAt }: NewAgentSession): Promise<AgentSession & { isNew: boolean }> {
    return this.#database.runFleeting(async (db) => {
      for (;;) {
        const created = await db
          .insertInto('agent_sessions')
          .values({
            classroom_id: classroomId,
            agent_id: agentId,
            user_id: userOf(agentId),
            replica_id: replicaId,
            started_at: startedAt,
          })
          .onConflict((conflict) => conflict.columns(['classroom_id', 'agent_id']).doNothing())
          .returning('sequence_id')
          .executeTakeFirst();
        if (created !== undefined) {
          return { sequenceId: created.sequence_id, classroomId, agentId, replicaId, isNew: true };
        }
        const row = await db
          .selectFrom('agent_sessions')
          .selectAll()
          .where('classroom_id', '=', classroomId)
          .where('agent_id', '=', agentId)
          .executeTakeFirst();
        // It ended between the two queries: try again.
        if (row !== undefined) return { ...sessionOf(row), isNew: false };
      }
    });
  }

  /** Moves a session to the history, unless it is there already. */
  leave({ sequenceId, replicaId }: Pick<AgentSession, 'sequenceId' | 'replicaId'>, endedAt: string): Promise<boolean> {
    return this.#database.runFleeting((db) =>
      db.transaction().execute(async (transaction) => {
        const row = await transaction
          .deleteFrom('agent_sessions')
          .where('sequence_id', '=', sequenceId)
          .where('replica_id', '=', replicaId)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return false;
        const { classroom_id, agent_id, user_id, started_at } = row;
        await transaction
          .insertInto('agent_session_history')
          .values({ sequence_id: sequenceId, classroom_id, agent_id, user_id, started_at, ended_at: endedAt })
          .execute();
        return true;
      }),
    );
  }

  /** The agent's session in the classroom now, on any replica. */
  find(classroomId: string, agentId: string): Promise<AgentSession | null> {
    return this.#database.run(async (db) => {
      const row = await db
        .selectFrom('agent_sessions')
        .selectAll()
        .where('classroom_id', '=', classroomId)
        .where('agent_id', '=', agentId)
        .executeTakeFirst();
      return row === undefined ? null : sessionOf(row);
    });
  }

  list(classroomId: string, afterSequenceId: number, limit: number): Promise<AgentSession[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('agent_sessions')
        .selectAll()
        .where('classroom_id', '=', classroomId)
        .where('sequence_id', '>', afterSequenceId)
        .orderBy('sequence_id')
        .limit(limit)
        .execute();
      return rows.map(sessionOf);
    });
  }

  /** Number of agents in each classroom; 0 for an empty one. */
  count(classroomIds: readonly string[]): Promise<Record<string, number>> {
    return this.#database.run(async (db) => {
      const counts = Object.fromEntries(classroomIds.map((id) => [id, 0]));
      if (classroomIds.length === 0) return counts;
      const rows = await db
        .selectFrom('agent_sessions')
        .select((select) => ['classroom_id', select.fn.countAll<number | string>().as('agents')])
        .where('classroom_id', 'in', classroomIds)
        .groupBy('classroom_id')
        .execute();
      for (const { classroom_id, agents } of rows) counts[classroom_id] = Number(agents);
      return counts;
    });
  }

  /** Sessions of replicas that are not listed as alive, see `ReplicaRecords`. */
  orphans(limit: number): Promise<AgentSession[]> {
    return this.#database.run(async (db) => {
      const rows = await db
        .selectFrom('agent_sessions')
        .selectAll()
        .where('replica_id', 'not in', (alive) => alive.selectFrom('replicas').select('replicas.replica_id'))
        .limit(limit)
        .execute();
      return rows.map(sessionOf);
    });
  }
}

/** An agent is `<label>.<user id>`; a label contains no dot. */
const userOf = (agentId: string): string | null => {
  const dot = agentId.indexOf('.');
  return dot === -1 ? null : agentId.slice(dot + 1);
};

const sessionOf = (row: {
  sequence_id: number;
  classroom_id: string;
  agent_id: string;
  replica_id: string;
}): AgentSession => ({
  sequenceId: row.sequence_id,
  classroomId: row.classroom_id,
  agentId: row.agent_id,
  replicaId: row.replica_id,
});
