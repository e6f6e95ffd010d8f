import { Gathered } from './gathered.ts';
import { groupBy } from './group-by.ts';
import { isOneOf, rowsOf } from './list-parameter.ts';
import { prepared } from './prepared.ts';
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
  readonly #created = new Gathered((sessions: readonly NewAgentSession[]) => this.#createAll(sessions));
  readonly #found = new Gathered((agents: readonly AgentKey[]) => this.#findAll(agents));
  readonly #ended = new Gathered((ends: readonly AgentEnd[]) => this.#endAll(ends));

  constructor(database: RecordsDatabase) {
    this.#database = database;
  }

  /** Creates the agent's session in the classroom; `isNew` is false if it existed already, and that one is returned. */
  async enter(session: NewAgentSession): Promise<AgentSession & { isNew: boolean }> {
    const { classroomId, agentId, replicaId } = session;
    for (;;) {
      const sequenceId = await this.#created.add(session);
      if (sequenceId !== null) return { sequenceId, classroomId, agentId, replicaId, isNew: true };
      const known = await this.find(classroomId, agentId);
      // It ended between the two queries: try again.
      if (known !== null) return { ...known, isNew: false };
    }
  }

  /** The numbers of the sessions; null for those that exist already. */
  #createAll(sessions: readonly NewAgentSession[]): Promise<(number | null)[]> {
    return this.#database.runFleeting(async (db) => {
      const rows = await insertNew(db, sessions.map(rowOfNew));
      const created = new Map(rows.map((row) => [keyOf(row.classroom_id, row.agent_id), row.sequence_id]));
      return sessions.map(({ classroomId, agentId }) => {
        const key = keyOf(classroomId, agentId);
        const sequenceId = created.get(key) ?? null;
        // Of several equal ones, the first has created it.
        created.delete(key);
        return sequenceId;
      });
    });
  }

  /** Moves a session to the history, unless it is there already. */
  leave({ sequenceId, replicaId }: Pick<AgentSession, 'sequenceId' | 'replicaId'>, endedAt: string): Promise<boolean> {
    return this.#ended.add({ sequenceId, replicaId, endedAt });
  }

  #endAll(ends: readonly AgentEnd[]): Promise<boolean[]> {
    const byId = new Map(ends.map((end) => [end.sequenceId, end]));
    return this.#database.runFleeting((db) =>
      db.transaction().execute(async (transaction) => {
        const ended = new Set<number>();
        for (const [replicaId, ofReplica] of groupBy(byId.values(), (end) => end.replicaId)) {
          const sequenceIds = ofReplica.map(({ sequenceId }) => sequenceId);
          const rows = await deleteEnded(transaction, sequenceIds, replicaId);
          if (rows.length === 0) continue;
          const history = rows.map(({ sequence_id, classroom_id, agent_id, user_id, started_at }) => [
            sequence_id,
            classroom_id,
            agent_id,
            user_id,
            started_at,
            byId.get(sequence_id)?.endedAt ?? '',
          ]);
          await insertHistory(transaction, history);
          for (const { sequence_id: sequenceId } of rows) ended.add(sequenceId);
        }
        // Of several equal ones, the first has ended it.
        return ends.map((end) => byId.get(end.sequenceId)?.replicaId === end.replicaId && ended.delete(end.sequenceId));
      }),
    );
  }

  /** The agent's session in the classroom now, on any replica. */
  find(classroomId: string, agentId: string): Promise<AgentSession | null> {
    return this.#found.add({ classroomId, agentId });
  }

  #findAll(agents: readonly AgentKey[]): Promise<(AgentSession | null)[]> {
    return this.#database.run(async (db) => {
      const found = new Map<string, AgentSession>();
      for (const [classroomId, ofClassroom] of groupBy(agents, (agent) => agent.classroomId)) {
        const agentIds = ofClassroom.map(({ agentId }) => agentId);
        for (const row of await readAgents(db, classroomId, agentIds)) {
          found.set(keyOf(classroomId, row.agent_id), sessionOf(row));
        }
      }
      return agents.map(({ classroomId, agentId }) => found.get(keyOf(classroomId, agentId)) ?? null);
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

interface AgentKey {
  classroomId: string;
  agentId: string;
}

interface AgentEnd {
  sequenceId: number;
  replicaId: string;
  endedAt: string;
}

const newSessionTypes = {
  classroom_id: 'text',
  agent_id: 'text',
  user_id: 'text',
  replica_id: 'text',
  started_at: 'text',
} as const;

const historyTypes = {
  sequence_id: 'integer',
  classroom_id: 'text',
  agent_id: 'text',
  user_id: 'text',
  started_at: 'text',
  ended_at: 'text',
} as const;

const insertNew = prepared((db, rows: readonly ReturnType<typeof rowOfNew>[]) =>
  db
    .insertInto('agent_sessions')
    .columns(['classroom_id', 'agent_id', 'user_id', 'replica_id', 'started_at'])
    .expression(rowsOf(db, newSessionTypes, rows))
    .onConflict((conflict) => conflict.columns(['classroom_id', 'agent_id']).doNothing())
    .returning(['sequence_id', 'classroom_id', 'agent_id']),
);

const deleteEnded = prepared((db, sequenceIds: readonly number[], replicaId: string) =>
  db
    .deleteFrom('agent_sessions')
    .where(isOneOf(db, 'sequence_id', sequenceIds))
    .where('replica_id', '=', replicaId)
    .returningAll(),
);

const insertHistory = prepared((db, rows: readonly (readonly (string | number | null)[])[]) =>
  db
    .insertInto('agent_session_history')
    .columns(['sequence_id', 'classroom_id', 'agent_id', 'user_id', 'started_at', 'ended_at'])
    .expression(rowsOf(db, historyTypes, rows)),
);

const readAgents = prepared((db, classroomId: string, agentIds: readonly string[]) =>
  db
    .selectFrom('agent_sessions')
    .selectAll()
    .where('classroom_id', '=', classroomId)
    .where(isOneOf(db, 'agent_id', agentIds)),
);

const rowOfNew = ({ classroomId, agentId, replicaId, startedAt }: NewAgentSession) => [
  classroomId,
  agentId,
  userOf(agentId),
  replicaId,
  startedAt,
];

const keyOf = (classroomId: string, agentId: string): string => JSON.stringify([classroomId, agentId]);

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
