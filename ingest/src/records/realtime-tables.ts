import type { AlertOutcome } from '@invigil/protocol/channels';
import type { Generated } from 'kysely';

/** Agents in classrooms now; an agent is in a classroom once. */
interface AgentSessionsTable {
  sequence_id: Generated<number>;
  classroom_id: string;
  agent_id: string;
  /** The part of the agent's id that names its user. */
  user_id: string | null;
  replica_id: string;
  started_at: string;
}

interface AgentSessionHistoryTable {
  sequence_id: number;
  classroom_id: string;
  agent_id: string;
  user_id: string | null;
  started_at: string;
  ended_at: string;
}

export interface AlertsTable {
  alert_id: string;
  session_id: string;
  exam_id: string | null;
  member_id: string | null;
  /** JSON, as it was when the alert was raised. */
  observation: string;
  raised_at: string;
  /** When it escalates to the exam's other teachers unless it is acknowledged. */
  escalate_at: string;
  escalated_at: string | null;
  acknowledged_by: string | null;
  acknowledged_at: string | null;
  /** What became of it. */
  outcome?: AlertOutcome | null;
  note?: string | null;
  /** How long the observation lasted; null while it lasts, and if its end is unknown. */
  ended_after_ms?: number | null;
}

/** Replicas that are alive, and when each was last seen. */
interface ReplicasTable {
  replica_id: string;
  seen_at: string;
}

export interface RealtimeTables {
  replicas: ReplicasTable;
  agent_sessions: AgentSessionsTable;
  agent_session_history: AgentSessionHistoryTable;
  alerts: AlertsTable;
}
